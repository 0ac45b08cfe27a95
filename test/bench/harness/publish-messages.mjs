import { randomBytes } from 'node:crypto'
import { setImmediate, setTimeout } from 'node:timers/promises'

// A publisher that never lets the event loop turn would send nothing before its last message. An application's loop turns all the time.
const turnEveryMs = 1

/**
 * Publishes numbered messages one after the other, awaiting each.
 *
 * @param params - see `PublishParams` in `peer-protocol.ts`.
 * @param publish - takes a payload and the number of its content topic.
 */
export async function publishMessages ({ count, sizeBytes, rate, numTopics = 1 }, publish) {
  const filling = randomBytes(sizeBytes)
  const startedAt = performance.now()
  let turnedAt = startedAt
  for (let number = 0; number < count; number++) {
    const waitMs = rate === undefined ? 0 : startedAt + number * 1000 / rate - performance.now()
    if (waitMs > 0) {
      await setTimeout(waitMs)
      turnedAt = performance.now()
    } else if (performance.now() - turnedAt > turnEveryMs) {
      await setImmediate()
      turnedAt = performance.now()
    }
    await publish(payloadOf(number, filling), number % numTopics)
  }
}

/** The number that a message was published with. */
export function numberOf (payload) {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(0)
}

/** When publish was called for a message, in nanoseconds of the machine's monotonic clock. */
export function publishedNsOf (payload) {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getBigUint64(4)
}

function payloadOf (number, filling) {
  // Each has memory of its own, because a node may keep what it was given.
  const payload = new Uint8Array(filling)
  const view = new DataView(payload.buffer)
  view.setUint32(0, number)
  view.setBigUint64(4, process.hrtime.bigint())
  return payload
}
