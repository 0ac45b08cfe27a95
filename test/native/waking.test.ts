import { describe, expect, it, onTestFinished } from 'vitest'
import { loadAddon } from '../../src/backends/libwaku/drivers/addon.js'
import { readHeader, type BatchHeader } from '../../src/backends/libwaku/drivers/batch.js'
import type { FrontDoor } from '../../src/backends/libwaku/drivers/bridge.js'
import { CallPacker, type FunctionCall } from '../../src/backends/libwaku/drivers/call-packer.js'
import { loadKoffi } from '../../src/backends/libwaku/drivers/koffi.js'
import { loadDriver } from '../../src/backends/libwaku/drivers/load.js'
import { fakeLibrary } from './helpers/libraries.js'
import { makeNode, until } from './helpers/nodes.js'

const maxWaitMs = 60_000
const nothing: BatchHeader = { numItems: 0, comeAgainMs: undefined, numReplies: 0 }

describe.each([['addon', loadAddon], ['koffi', loadKoffi]] as const)('an application that takes what the library has, through %s,', (name, load) => {
  /** Opens a session whose rings are counted, with a node in it, and a driver beside it. */
  async function openDoor () {
    const driver = loadDriver([name])
    await driver.open(fakeLibrary('b'))
    const door: FrontDoor = load()
    let [numRings, last] = [0, 0]
    door.start(() => { numRings++ })
    onTestFinished(() => {
      door.close()
      driver.close()
    })
    const call = (name: string, args: FunctionCall['args'], context = 1): number => {
      const packer = new CallPacker()
      packer.add({ request: ++last, context, name, args })
      door.call(packer.take())
      return last
    }
    const publish = (behaviour: string, context?: number): number => call('waku_relay_publish', [`fake:${behaviour}`, '{}', 0], context)
    const takeOnce = (): BatchHeader => {
      const size = door.prepare(maxWaitMs)
      if (size <= 0) return nothing
      const batch = Buffer.alloc(size)
      door.take(batch)
      return readHeader(batch)
    }
    /** Publishes until what comes is a flood, and takes all of it. Returns the header of the last batch. */
    const flood = async (): Promise<BatchHeader> => {
      for (let round = 0; round < 100; round++) {
        for (let i = 0; i < 64; i++) publish('sync')
        let header = nothing
        for (let numTaken = 0; numTaken < 64; numTaken += header.numReplies) {
          header = takeOnce()
          if (header.numItems === 0) await new Promise((resolve) => setImmediate(resolve))
        }
        if (header.comeAgainMs === maxWaitMs) return header
      }
      throw new Error('no flood has come')
    }
    const create = (): number => call('create', ['{}', 10, 1000, 200, 0], 0)
    create()
    await until('the node', () => numRings === 1)
    expect(takeOnce().numReplies).toBe(1)
    // So that none of a flood is the last that is open, for which there is a ring.
    publish('silent')
    return { driver, door, call, create, publish, takeOnce, flood, numRings: () => numRings }
  }

  it('comes when it is woken while there is little, and by itself in a flood', async () => {
    const { call, takeOnce, flood } = await openDoor()
    expect((await flood()).comeAgainMs).toBe(maxWaitMs)
    // Until it is long ago.
    await expect.poll(async () => {
      call('waku_version', [])
      let header = takeOnce()
      while (header.numItems === 0) {
        await new Promise((resolve) => setImmediate(resolve))
        header = takeOnce()
      }
      return header.comeAgainMs
    }).toBe(undefined)
  })

  it('that comes again by itself is woken for an answer that somebody waits for, but not for one of many messages', async () => {
    const { driver, door, call, create, publish, takeOnce, flood, numRings } = await openDoor()
    await flood()
    // Rings that are under way come while another node is made.
    await makeNode(driver)
    const openCalls = (): number | undefined => door.stats(1)?.[0]
    let before = numRings()
    publish('sync')
    await until('the answer', () => openCalls() === 1)
    await makeNode(driver)
    expect(numRings()).toBe(before)

    call('waku_version', [])
    await until('the ring for the question', () => numRings() === before + 1)
    expect(takeOnce().numReplies).toBe(2)

    const other = create()
    await until('the other node', () => numRings() === before + 2)
    expect(takeOnce().numReplies).toBe(1)
    await flood()
    await makeNode(driver)
    before = numRings()
    publish('sync', other)
    await until('the ring for the only message', () => numRings() === before + 1)
    expect(takeOnce().numReplies).toBe(1)
  })

  it('that comes again by itself is woken earlier when as much waits as two of its turns take', async () => {
    const { driver, publish, takeOnce, flood, numRings } = await openDoor()
    await flood()
    await makeNode(driver)
    const before = numRings()
    // One less than the ring needs, and one for the last answer of the flood, which may be counted only after it was taken.
    for (let i = 0; i < 126; i++) publish('sync')
    await makeNode(driver)
    expect(numRings()).toBe(before)
    for (let i = 0; i < 2; i++) publish('sync')
    // A ring of the flood may come late, too.
    await until('the ring', () => numRings() > before)
    expect(takeOnce()).toMatchObject({ numReplies: 64, comeAgainMs: 0 })
  })
})
