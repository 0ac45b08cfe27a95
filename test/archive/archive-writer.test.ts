import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { archiveFailed } from '../../src/archive/archive-failure.js'
import { ArchiveWriter } from '../../src/archive/archive-writer.js'
import type { ArchiveFailure, WakuError } from '../../src/errors.js'
import type { ReceivedMessage } from '../../src/message.js'
import { makeMessage } from '../helpers/make-message.js'

/** Keeps messages in memory, or fails as it is told. */
class FakeArchive {
  readonly batches: number[] = []
  readonly kept: bigint[] = []
  failure: ArchiveFailure | undefined
  poison: bigint | undefined
  gate: Promise<void> = Promise.resolve()

  async insert (messages: readonly ReceivedMessage[]): Promise<number> {
    await this.gate
    if (this.failure !== undefined) throw archiveFailed(this.failure, 'fake', 'fails')
    if (messages.some(({ message }) => message.timestamp === this.poison)) throw archiveFailed('other', 'fake', 'cannot take one of them')
    this.batches.push(messages.length)
    this.kept.push(...messages.map(({ message }) => message.timestamp))
    return messages.length
  }
}

const message = (timestamp: number): ReceivedMessage => makeMessage({ timestamp: BigInt(timestamp) })
const upTo = (count: number): bigint[] => Array.from({ length: count }, (_, i) => BigInt(i))

describe('ArchiveWriter', () => {
  let archive: FakeArchive
  beforeEach(() => {
    vi.useFakeTimers()
    archive = new FakeArchive()
  })
  afterEach(() => { vi.useRealTimers() })

  const addAll = (writer: ArchiveWriter, count: number, start = 0): void => {
    for (let i = 0; i < count; i++) writer.add(message(start + i))
  }

  it('writes what came within 50 ms as one batch', async () => {
    const writer = new ArchiveWriter(archive)
    addAll(writer, 3)
    await vi.advanceTimersByTimeAsync(49)
    expect(archive.batches).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(archive.batches).toEqual([3])
  })

  it('writes 500 messages at once, and the rest after 50 ms', async () => {
    const writer = new ArchiveWriter(archive)
    addAll(writer, 510)
    await vi.advanceTimersByTimeAsync(0)
    expect(archive.batches).toEqual([500])
    await vi.advanceTimersByTimeAsync(50)
    expect(archive.batches).toEqual([500, 10])
  })

  it('makes batches of large messages smaller', async () => {
    const writer = new ArchiveWriter(archive)
    for (let i = 0; i < 60; i++) writer.add(makeMessage({ timestamp: BigInt(i), payload: Buffer.alloc(150_000) }))
    await writer.flush()
    expect(Math.max(...archive.batches)).toBeLessThanOrEqual(28)
    expect(archive.kept).toEqual(upTo(60))
  })

  it('writes one batch at a time and keeps the order', async () => {
    let open = (): void => {}
    archive.gate = new Promise((resolve) => { open = resolve })
    const writer = new ArchiveWriter(archive)
    addAll(writer, 1200)
    await vi.advanceTimersByTimeAsync(100)
    expect(archive.batches).toEqual([])
    open()
    await vi.advanceTimersByTimeAsync(100)
    expect(archive.kept).toEqual(upTo(1200))
    expect(Math.max(...archive.batches)).toBe(500)
  })

  it('has written all that was added before once it is flushed', async () => {
    const writer = new ArchiveWriter(archive)
    addAll(writer, 700)
    await writer.flush()
    expect(archive.kept).toHaveLength(700)
    expect(writer.numQueued).toBe(0)
  })

  it('flushes at once when nothing waits', async () => {
    await expect(new ArchiveWriter(archive).flush()).resolves.toBeUndefined()
  })

  it.each(['locked', 'full', 'not-writable', 'connection-lost'] as const)('keeps what failed because the archive is %s and writes it later, once', async (reason) => {
    const onRetry = vi.fn<(failure: WakuError, delayMs: number) => void>()
    const writer = new ArchiveWriter(archive, { onRetry })
    archive.failure = reason
    addAll(writer, 600)
    await vi.advanceTimersByTimeAsync(1000)
    archive.failure = undefined
    addAll(writer, 10, 600)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(archive.kept).toEqual(upTo(610))
    expect(writer.numDropped).toBe(0)
    expect(onRetry.mock.calls[0]?.[0]).toMatchObject({ details: { reason } })
  })

  it('waits longer after each failure, up to 30 s', async () => {
    const onRetry = vi.fn<(failure: WakuError, delayMs: number) => void>()
    const writer = new ArchiveWriter(archive, { onRetry })
    archive.failure = 'locked'
    addAll(writer, 1)
    await vi.advanceTimersByTimeAsync(100_000)
    expect(onRetry.mock.calls.map(([, delayMs]) => delayMs)).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })

  it('tries at once when it is flushed, and rejects with the failure', async () => {
    const writer = new ArchiveWriter(archive)
    archive.failure = 'locked'
    addAll(writer, 1)
    await expect(writer.flush()).rejects.toMatchObject({ details: { reason: 'locked' } })
    expect(writer.numQueued).toBe(1)
    archive.failure = undefined
    await writer.flush()
    expect(archive.kept).toEqual([0n])
  })

  it('drops what is beyond its number of messages, and says so', async () => {
    const onDrop = vi.fn<(numMessages: number, reason: WakuError) => void>()
    const writer = new ArchiveWriter(archive, { maxQueuedMessages: 5, onDrop })
    archive.failure = 'full'
    addAll(writer, 7)
    expect(writer.numQueued).toBe(5)
    expect(writer.numDropped).toBe(2)
    expect(onDrop.mock.calls.map(([numMessages, { code }]) => [numMessages, code])).toEqual([[1, 'WAKU_QUEUE_FULL'], [1, 'WAKU_QUEUE_FULL']])
    archive.failure = undefined
    await writer.flush()
    expect(archive.kept).toEqual(upTo(5))
  })

  it('drops what is beyond its number of bytes', () => {
    const writer = new ArchiveWriter(archive, { maxQueuedBytes: 10_000 })
    const taken = [1, 2, 3].map((i) => writer.add(makeMessage({ timestamp: BigInt(i), payload: Buffer.alloc(4000) })))
    expect(taken).toEqual([true, true, false])
  })

  it('has room again for what was written', async () => {
    const writer = new ArchiveWriter(archive, { maxQueuedMessages: 3, maxQueuedBytes: 1000 })
    for (let round = 0; round < 5; round++) {
      addAll(writer, 3, round * 3)
      await writer.flush()
    }
    expect(writer.numDropped).toBe(0)
    expect(archive.kept).toEqual(upTo(15))
  })

  it('gives up only the message that the archive does not take', async () => {
    const onDrop = vi.fn<(numMessages: number, reason: WakuError) => void>()
    const writer = new ArchiveWriter(archive, { onDrop })
    archive.poison = 321n
    addAll(writer, 600)
    await expect(writer.flush()).rejects.toMatchObject({ details: { reason: 'other' } })
    expect(archive.kept).toEqual(upTo(600).filter((timestamp) => timestamp !== 321n))
    expect(onDrop.mock.calls.map(([numMessages]) => numMessages)).toEqual([1])
  })

  it.each(['corrupt', 'closed'] as const)('gives up what failed because the archive is %s, and says so', async (reason) => {
    const writer = new ArchiveWriter(archive)
    archive.failure = reason
    addAll(writer, 10)
    await vi.advanceTimersByTimeAsync(50)
    expect(writer.numDropped).toBe(10)
    expect(writer.numQueued).toBe(0)
  })

  it('writes what waits when it is closed, and takes no more', async () => {
    const writer = new ArchiveWriter(archive)
    addAll(writer, 3)
    await writer.close()
    expect(archive.kept).toEqual(upTo(3))
    expect(writer.add(message(4))).toBe(false)
    expect(writer.numDropped).toBe(1)
  })

  it('says what is lost when it is closed while the archive fails', async () => {
    const onDrop = vi.fn<(numMessages: number, reason: WakuError) => void>()
    const writer = new ArchiveWriter(archive, { onDrop })
    archive.failure = 'full'
    addAll(writer, 3)
    await expect(writer.close()).rejects.toMatchObject({ details: { reason: 'full' } })
    expect(onDrop.mock.calls.map(([numMessages, { code }]) => [numMessages, code])).toEqual([[3, 'WAKU_ARCHIVE_FAILED']])
    expect(vi.getTimerCount()).toBe(0)
  })
})
