import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadAddon } from '../../src/backends/libwaku/drivers/addon.js'
import { readBatch } from '../../src/backends/libwaku/drivers/batch.js'
import { status } from '../../src/backends/libwaku/drivers/bridge.js'
import { CallPacker, type FunctionCall } from '../../src/backends/libwaku/drivers/call-packer.js'
import type { Argument } from '../../src/backends/libwaku/drivers/driver.js'
import { loadDriver } from '../../src/backends/libwaku/drivers/load.js'
import { fakeLibrary } from './helpers/libraries.js'

const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('x'.repeat(100_000)))
const anyBytes = fc.uint8Array({ maxLength: 300 })
const anyParts = fc.tuple(anyText, fc.array(fc.oneof(anyText, anyBytes), { maxLength: 5 })).map(([first, more]) => [first, ...more])
const anyArgument: fc.Arbitrary<Argument> = fc.oneof(anyText, fc.maxSafeInteger(), anyParts)
const anyCall: fc.Arbitrary<FunctionCall> = fc.record({
  request: fc.maxSafeNat(),
  context: fc.maxSafeNat(),
  name: fc.constantFrom('waku_version', 'waku_relay_publish'),
  args: fc.array(anyArgument, { maxLength: 5 }),
  repeated: fc.option(fc.constant('0x65d6'), { nil: undefined })
})

function word (value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
  return bytes
}

function sized (part: string | Uint8Array): Buffer {
  return Buffer.concat([word(BigInt(Buffer.from(part).length)), Buffer.from(part)])
}

function packArguments (args: readonly Argument[]): Buffer {
  return Buffer.concat(args.flatMap((argument) => {
    if (typeof argument === 'number') return [word(-1n), word(BigInt(argument))]
    const [first = '', ...more] = typeof argument === 'string' ? [argument] : argument
    return [sized(first), ...more.flatMap((part) => [word(typeof part === 'string' ? -3n : -2n), sized(part)])]
  }))
}

/** The form of `wb_call` in bridge.h, written independently of the packer. */
function pack ({ request, context, name, repeated }: Omit<FunctionCall, 'args'>, args: Buffer): Buffer {
  const whole = repeated === undefined ? args : Buffer.concat([args, word(-4n), sized(repeated)])
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32LE(name.length, 0)
  lengths.writeUInt32LE(whole.length, 4)
  return Buffer.concat([word(BigInt(request)), word(BigInt(context)), lengths, Buffer.from(name), whole])
}

describe('calls', () => {
  it('are packed as the bridge reads them, whatever is in them, behind the room that is asked for', () => {
    fc.assert(fc.property(fc.array(anyCall, { maxLength: 5 }), fc.nat({ max: 8 }), (calls, room) => {
      const packer = new CallPacker(room)
      const expected = Buffer.concat(calls.map((call) => pack(call, packArguments(call.args))))
      // The memory is used again.
      for (let round = 0; round < 2; round++) {
        for (const call of calls) packer.add(call)
        expect(packer.isEmpty).toBe(calls.length === 0)
        expect(packer.size).toBe(expected.length)
        expect(packer.take().subarray(room).equals(expected)).toBe(true)
      }
    }))
  })

  it('that were taken stay as they are when their memory is left to the user', () => {
    const packer = new CallPacker()
    packer.add({ request: 1, context: 2, name: 'waku_version', args: ['first'] })
    const taken = packer.take()
    packer.renew()
    packer.add({ request: 3, context: 4, name: 'waku_version', args: ['second'] })
    expect(taken.toString()).toContain('first')
    expect(packer.take().toString()).toContain('second')
  })
})

describe('packed calls', () => {
  const call = { request: 2, context: 1, name: 'waku_relay_subscribe' }

  it('that end early, or continue what is no text, are refused by the bridge', async () => {
    const driver = loadDriver()
    await driver.open(fakeLibrary('a'))
    const door = loadAddon()
    door.start(() => {})
    const refused: number[] = []
    let request = 1
    door.call(pack({ request, context: 0, name: 'create' }, packArguments(['{}', 10, 1000, 10, 0])))
    // Also while the node is not there yet.
    const callWith = (args: Buffer): void => { expect(door.call(pack({ ...call, request: ++request }, args))).toBe(1) }
    const whole = packArguments([['t', Buffer.from('bytes'), 'text']])
    const ends = [packArguments(['t']), packArguments([['t', Buffer.from('bytes')]])].map(({ length }) => length)
    const lengths = Array.from({ length: whole.length }, (__, length) => length).filter((length) => !ends.includes(length))
    for (const length of lengths) callWith(whole.subarray(0, length))
    callWith(Buffer.concat([word(-2n), packArguments(['a'])]))
    callWith(Buffer.concat([word(-3n), packArguments(['a'])]))
    callWith(Buffer.concat([packArguments([7]), word(-2n), packArguments(['a'])]))
    callWith(Buffer.concat([packArguments(['a']), word(-4n), sized('0x65d6'), packArguments(['b'])]))
    const last = request
    for (let size = door.prepare(0); size > 0; size = door.prepare(0)) {
      const batch = Buffer.alloc(size)
      door.take(batch)
      for (let at = 12; at < size; at += 24 + Number(batch.readBigUInt64LE(at + 16))) {
        if (batch.readUInt32LE(at) === 0 && batch.readInt32LE(at + 4) === status.badArguments) refused.push(Number(batch.readBigUInt64LE(at + 8)))
      }
    }
    expect(refused).toEqual(Array.from({ length: last - 1 }, (__, index) => index + 2))
    door.close()
    driver.close()
  })

  it('of the bridge itself are refused when it has none of that name, and with other arguments', () => {
    const door = loadAddon()
    door.start(() => {})
    const calls: Array<[name: string, args: Argument[]]> = [
      ['waku_version', []], ['destroy', []], ['open', ['/lib.so']], ['open', [0, '/lib.so']], ['open', ['/lib\0.so', 0]],
      ['create', ['{}', 10, 1000, 10]], ['create', ['{}', -1, 1000, 10, 0]], ['create', ['{}', 10, 1000, 2 ** 32, 0]]
    ]
    calls.forEach(([name, args], index) => { door.call(pack({ request: index + 1, context: 0, name }, packArguments(args))) })
    const batch = Buffer.alloc(door.prepare(0))
    door.take(batch)
    expect(readBatch(batch).map(({ id, code }) => [id, code])).toEqual(calls.map((_, index) => [index + 1, index < 2 ? status.unknownFunction : status.badArguments]))
    door.close()
  })

  it('of another form are not made, and those before them are', () => {
    const door = loadAddon()
    door.start(() => {})
    const whole = pack(call, packArguments(['t']))
    for (let length = 1; length < whole.length; length++) expect(door.call(whole.subarray(0, length)), `${length} bytes`).toBe(status.badArguments)
    expect(door.call(Buffer.concat([whole, whole.subarray(1)]))).toBe(status.badArguments)
    expect(door.call(Buffer.concat([whole, whole, whole]))).toBe(3)
    door.close()
  })
})
