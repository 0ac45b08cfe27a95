import { createRequire } from 'node:module'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fate } from '../../src/backends/libwaku/drivers/bridge.js'
import { CallPacker, type FunctionCall } from '../../src/backends/libwaku/drivers/call-packer.js'
import { loadDriver } from '../../src/backends/libwaku/drivers/load.js'
import { candidates } from '../../src/backends/libwaku/drivers/locate.js'
import { fakeLibrary } from './helpers/libraries.js'
import { makeNode, until } from './helpers/nodes.js'

describe('an application that comes again by itself', () => {
  const addon = createRequire(import.meta.url)(candidates('addon').at(-1) ?? '') as {
    openSession: (onWake: () => void, isMainThread: boolean) => number
    create: (session: number, request: number, ...options: unknown[]) => void
    call: (session: number, calls: Uint8Array) => number
    prepare: (session: number, comesAgain: boolean) => number
    take: (session: number, batch: Uint8Array) => void
    stats: (session: number, context: number) => number[]
    closeSession: (session: number, fate: number) => void
  }

  it('is woken for an answer that somebody waits for, but not for one of many messages', async () => {
    const driver = loadDriver()
    await driver.open(fakeLibrary('b'))
    let numRings = 0
    const session = addon.openSession(() => { numRings++ }, false)
    onTestFinished(() => {
      addon.closeSession(session, fate.destroy)
      driver.close()
    })
    /** Takes a batch, promises to come again, and returns how many answers were in it. */
    const comeOnce = (): number => {
      const batch = Buffer.alloc(addon.prepare(session, true))
      addon.take(session, batch)
      return batch.readUInt32LE(8)
    }
    const call = (name: string, args: FunctionCall['args'], request: number, context = 1): void => {
      const packer = new CallPacker()
      packer.add({ request, context, name, args })
      addon.call(session, packer.take())
    }
    addon.create(session, 1, '{}', 10, 1000, 10)
    await until('the node', () => numRings === 1)
    expect(comeOnce()).toBe(1)

    const openCalls = (): number | undefined => addon.stats(session, 1)[0]
    call('waku_relay_publish', ['fake:silent', '{}', 0], 2)
    call('waku_relay_publish', ['fake:sync', '{}', 0], 3)
    await until('the answer', () => openCalls() === 1)
    // What it takes to make another node would have been enough.
    await makeNode(driver)
    expect(numRings).toBe(1)

    call('waku_version', [], 4)
    await until('the ring for the question', () => numRings === 2)
    expect(comeOnce()).toBe(2)

    addon.create(session, 5, '{}', 10, 1000, 10)
    await until('the other node', () => numRings === 3)
    expect(comeOnce()).toBe(1)
    call('waku_relay_publish', ['fake:sync', '{}', 0], 6, 5)
    await until('the ring for the only message', () => numRings === 4)
    expect(comeOnce()).toBe(1)
  })
})
