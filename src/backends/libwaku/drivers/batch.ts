/** What the bridge hands over: an answer, an event, one with a payload, or the news that events were dropped (`code` of them). */
export interface Item {
  readonly kind: typeof kinds[number]
  readonly code: number
  /** Of the request, or of the node. */
  readonly id: number
  readonly bytes: Buffer
  /** Of a message. */
  readonly payload?: Buffer
}

const kinds = ['reply', 'event', 'dropped', 'message'] as const
const batchHeader = 12
const itemHeader = 24
const messageHeader = 8

/** What stands before the items of a batch. */
export interface BatchHeader {
  readonly numItems: number
  /** When to take the next, in milliseconds; undefined: when woken. */
  readonly comeAgainMs: number | undefined
  readonly numReplies: number
}

/** `WB_WHEN_WOKEN`. */
const whenWoken = 2 ** 32 - 1

/** Reads what stands before the items. */
export function readHeader (batch: Buffer): BatchHeader {
  const againMs = batch.readUInt32LE(4)
  return { numItems: batch.readUInt32LE(0), comeAgainMs: againMs === whenWoken ? undefined : againMs, numReplies: batch.readUInt32LE(8) }
}

/** Reads a batch in the form of `wb_batch_prepare` in bridge.h. */
export function readBatch (batch: Buffer): Item[] {
  const items: Item[] = []
  let at = batchHeader
  for (let left = batch.readUInt32LE(0); left > 0; left--) {
    const kind = kinds[batch.readUInt32LE(at)]
    if (kind === undefined) throw new Error('the bridge sent an item of an unknown kind')
    const start = at + itemHeader
    const end = start + readUint64(batch, at + 16)
    const code = batch.readInt32LE(at + 4)
    const id = readUint64(batch, at + 8)
    if (kind === 'message') {
      const textStart = start + messageHeader
      const textEnd = textStart + readUint64(batch, start)
      items.push({ kind, code, id, bytes: batch.subarray(textStart, textEnd), payload: batch.subarray(textEnd, end) })
    } else {
      items.push({ kind, code, id, bytes: batch.subarray(start, end) })
    }
    at = end
  }
  return items
}

/** Ids and lengths stay below 2^53. */
function readUint64 (batch: Buffer, at: number): number {
  return batch.readUInt32LE(at) + batch.readUInt32LE(at + 4) * 2 ** 32
}
