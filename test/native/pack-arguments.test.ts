import fc from 'fast-check'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { loadDriver } from '../../src/backends/libwaku/drivers/load.js'
import { status } from '../../src/backends/libwaku/drivers/bridge.js'
import type { Argument } from '../../src/backends/libwaku/drivers/driver.js'
import { candidates } from '../../src/backends/libwaku/drivers/locate.js'
import { packArguments } from '../../src/backends/libwaku/drivers/pack-arguments.js'
import { fakeLibrary } from './helpers/libraries.js'

const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('x'.repeat(100_000)))
const anyBytes = fc.uint8Array({ maxLength: 300 })
const anyParts = fc.tuple(anyText, fc.array(fc.oneof(anyText, anyBytes), { maxLength: 5 })).map(([first, more]) => [first, ...more])
const anyArgument: fc.Arbitrary<Argument> = fc.oneof(anyText, fc.maxSafeInteger(), anyParts)

function word (value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
  return bytes
}

/** The form of `wb_context_call` in bridge.h, written independently of the packer. */
function pack (args: readonly Argument[]): Buffer {
  const sized = (part: string | Uint8Array): Buffer => Buffer.concat([word(BigInt(Buffer.from(part).length)), Buffer.from(part)])
  return Buffer.concat(args.flatMap((argument) => {
    if (typeof argument === 'number') return [word(-1n), word(BigInt(argument))]
    const [first = '', ...more] = typeof argument === 'string' ? [argument] : argument
    return [sized(first), ...more.flatMap((part) => [word(typeof part === 'string' ? -3n : -2n), sized(part)])]
  }))
}

describe('arguments', () => {
  it('are packed as the bridge reads them, whatever is in them', () => {
    fc.assert(fc.property(fc.array(anyArgument, { maxLength: 5 }), (args) => packArguments(args).equals(pack(args))))
  })

  it('that end early, or continue what is no text, are refused by the bridge', async () => {
    const driver = loadDriver()
    await driver.open(fakeLibrary('a'))
    const addon = createRequire(import.meta.url)(candidates('addon').at(-1) ?? '') as {
      openSession: (onWake: () => void, isMainThread: boolean) => number
      create: (session: number, ...options: unknown[]) => number
      call: (session: number, context: number, name: string, args: Uint8Array) => number
      closeSession: (session: number, fate: number) => void
    }
    const session = addon.openSession(() => {}, false)
    const context = addon.create(session, '{}', 10, 1000, 10)
    const call = (args: Uint8Array): number => addon.call(session, context, 'waku_relay_subscribe', args)
    const whole = pack([['t', Buffer.from('bytes'), 'text']])
    const ends = [pack(['t']), pack([['t', Buffer.from('bytes')]])].map(({ length }) => length)
    for (let length = 0; length < whole.length; length++) {
      if (!ends.includes(length)) expect(call(whole.subarray(0, length)), `${length} bytes`).toBe(status.badArguments)
    }
    expect(call(Buffer.concat([word(-2n), pack(['a'])]))).toBe(status.badArguments)
    expect(call(Buffer.concat([word(-3n), pack(['a'])]))).toBe(status.badArguments)
    expect(call(Buffer.concat([pack([7]), word(-2n), pack(['a'])]))).toBe(status.badArguments)
    // Understood, though the node may not be there yet.
    expect(call(whole)).not.toBe(status.badArguments)
    addon.closeSession(session, 0)
    driver.close()
  })
})
