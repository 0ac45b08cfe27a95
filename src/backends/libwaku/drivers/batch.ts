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
const replyKind = kinds.indexOf('reply')
const batchHeader = 8
const itemHeader = 24
const messageHeader = 8

/** Reads how many items a batch has, and whether another one is waiting. */
export function readHeader (batch: Buffer): { readonly numItems: number, readonly more: boolean } {
  return { numItems: batch.readUInt32LE(0), more: batch.readUInt32LE(4) === 1 }
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

/** Puts another id in the place of each. */
export function renumber (batch: Buffer, idFor: (id: number, isReply: boolean) => number): void {
  let at = batchHeader
  for (let left = batch.readUInt32LE(0); left > 0; left--) {
    writeUint64(batch, at + 8, idFor(readUint64(batch, at + 8), batch.readUInt32LE(at) === replyKind))
    at += itemHeader + readUint64(batch, at + 16)
  }
}

/** Makes a batch of one answer without text. */
export function oneReply (id: number, code: number): Buffer {
  const batch = Buffer.alloc(batchHeader + itemHeader)
  batch.writeUInt32LE(1, 0)
  batch.writeUInt32LE(replyKind, batchHeader)
  batch.writeInt32LE(code, batchHeader + 4)
  writeUint64(batch, batchHeader + 8, id)
  return batch
}

function writeUint64 (batch: Buffer, at: number, value: number): void {
  batch.writeUInt32LE(value % 2 ** 32, at)
  batch.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4)
}

/** Ids and lengths stay below 2^53. */
function readUint64 (batch: Buffer, at: number): number {
  return batch.readUInt32LE(at) + batch.readUInt32LE(at + 4) * 2 ** 32
}
