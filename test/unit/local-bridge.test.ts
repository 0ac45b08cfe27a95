import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { FrontDoor } from '../../src/backends/libwaku/drivers/bridge.js'
import { LocalBridge } from '../../src/backends/libwaku/drivers/local-bridge.js'

test('what is taken from a bridge that always has more is a batch in each turn of the event loop, however often it rings', async () => {
  let [numTaken, wake] = [0, (): void => {}]
  // No items, and more at once.
  const batch = Buffer.alloc(12)
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
  for (let i = 0; i < 5; i++) wake()
  const before = numTaken
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  expect(numTaken - before).toBeGreaterThan(10)
  expect(numTaken - before).toBeLessThanOrEqual(21)
  bridge.close()
})
