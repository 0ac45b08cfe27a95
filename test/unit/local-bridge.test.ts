import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { FrontDoor } from '../../src/backends/libwaku/drivers/bridge.js'
import { LocalBridge } from '../../src/backends/libwaku/drivers/local-bridge.js'

/** A bridge that always has more, and how many batches were taken from it. */
function startEndless (): { bridge: LocalBridge, wake: () => void, numTaken: () => number } {
  let [numTaken, wake] = [0, (): void => {}]
  // No items, and more.
  const batch = Buffer.from([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
  const door = {
    name: 'addon',
    start: (onWake: () => void) => { wake = onWake },
    prepare: () => batch.byteLength,
    take: (memory: Buffer) => {
      numTaken++
      memory.set(batch)
    },
    close: () => {}
  } as unknown as FrontDoor
  const bridge = new LocalBridge(door)
  bridge.start(() => {})
  return { bridge, wake: () => wake(), numTaken: () => numTaken }
}

async function turns (count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate()
}

describe('what is taken from the bridge', () => {
  test('is a batch in each turn of the event loop, however often it is asked for one at once', async () => {
    const { bridge, wake, numTaken } = startEndless()
    wake()
    for (let i = 0; i < 5; i++) bridge.takeTurn()
    const before = numTaken()
    await turns(20)
    expect(numTaken() - before).toBeGreaterThan(10)
    expect(numTaken() - before).toBeLessThanOrEqual(21)
    bridge.close()
  })

  test('is nothing while it is held, and goes on afterwards', async () => {
    const { bridge, wake, numTaken } = startEndless()
    bridge.hold(true)
    wake()
    await turns(5)
    expect(numTaken()).toBe(0)
    bridge.hold(false)
    await turns(5)
    expect(numTaken()).toBeGreaterThan(2)
    bridge.hold(true)
    const held = numTaken()
    await turns(5)
    expect(numTaken()).toBe(held)
    bridge.close()
  })
})
