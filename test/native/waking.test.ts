import { describe, expect, it, onTestFinished } from 'vitest'
import { loadAddon } from '../../src/backends/libwaku/drivers/addon.js'
import { CallPacker, type FunctionCall } from '../../src/backends/libwaku/drivers/call-packer.js'
import { loadKoffi } from '../../src/backends/libwaku/drivers/koffi.js'
import { loadDriver } from '../../src/backends/libwaku/drivers/load.js'
import { fakeLibrary } from './helpers/libraries.js'
import { makeNode, until } from './helpers/nodes.js'

describe.each([['addon', loadAddon], ['koffi', loadKoffi]] as const)('an application that comes again by itself, through %s,', (name, load) => {
  it('is woken for an answer that somebody waits for, but not for one of many messages', async () => {
    const driver = loadDriver([name])
    await driver.open(fakeLibrary('b'))
    let numRings = 0
    const door = load()
    door.start(() => { numRings++ })
    onTestFinished(() => {
      door.close()
      driver.close()
    })
    /** Takes a batch, promises to come again, and returns how many answers were in it. */
    const comeOnce = (): number => {
      const batch = Buffer.alloc(door.prepare(true))
      door.take(batch)
      return batch.readUInt32LE(8)
    }
    const call = (name: string, args: FunctionCall['args'], request: number, context = 1): void => {
      const packer = new CallPacker()
      packer.add({ request, context, name, args })
      door.call(packer.take())
    }
    door.create(1, '{}', 10, 1000, 10)
    await until('the node', () => numRings === 1)
    expect(comeOnce()).toBe(1)

    const openCalls = (): number | undefined => door.stats(1)?.[0]
    call('waku_relay_publish', ['fake:silent', '{}', 0], 2)
    call('waku_relay_publish', ['fake:sync', '{}', 0], 3)
    await until('the answer', () => openCalls() === 1)
    // What it takes to make another node would have been enough.
    await makeNode(driver)
    expect(numRings).toBe(1)

    call('waku_version', [], 4)
    await until('the ring for the question', () => numRings === 2)
    expect(comeOnce()).toBe(2)

    door.create(5, '{}', 10, 1000, 10)
    await until('the other node', () => numRings === 3)
    expect(comeOnce()).toBe(1)
    call('waku_relay_publish', ['fake:sync', '{}', 0], 6, 5)
    await until('the ring for the only message', () => numRings === 4)
    expect(comeOnce()).toBe(1)
  })
})
