import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { reasonOf, wakuErrorFromJson } from '../errors.js'
import type { WakuError } from '../errors.js'
import type { MessageHash, ReceivedMessage } from '../message.js'
import type { StorePage, StoreQuery } from '../store.js'
import { archiveClosed, archiveFailed } from './archive-failure.js'
import { redactUrl } from './archive-url.js'
import type { Archive, ArchiveStats, RetentionPolicy } from './archive.js'
import { packMessages, packedSizeOf } from './packed-messages.js'
import { unpackPage } from './worker-protocol.js'
import type { ArchiveCalls, ArchiveRequest, ArchiveResponse, ArchiveWorkerData } from './worker-protocol.js'

interface PendingCall {
  resolve (output: never): void
  reject (error: WakuError): void
}

// What is packed in one turn of the event loop: about a millisecond.
const maxPartMessages = 500
const maxPartBytes = 1024 * 1024

/**
 * Runs the engine of an archive on a thread of its own, so that no call blocks the caller's. While no call is pending
 * the thread does not keep the process alive.
 */
export class WorkerArchive implements Archive {
  readonly #url: string
  readonly #worker: Worker
  readonly #pending = new Map<number, PendingCall>()
  #nextSeq = 0
  #failure: WakuError | undefined
  #closing: Promise<void> | undefined

  constructor (workerUrl: URL, data: ArchiveWorkerData) {
    this.#url = redactUrl(data.url)
    // Without the flags of the process, of which some end a worker at once.
    this.#worker = new Worker(workerUrl, { workerData: data, execArgv: [], name: 'waku-archive' })
    this.#worker.unref()
    this.#worker.on('message', (response: ArchiveResponse) => this.#settle(response))
    this.#worker.on('error', (error) => this.#fail(`its thread failed: ${reasonOf(error)}`, error))
    this.#worker.on('messageerror', (error) => this.#fail('its thread sent something unreadable', error))
    this.#worker.on('exit', () => this.#fail('its thread has ended'))
  }

  async open (): Promise<void> {
    await this.#call('open', undefined)
  }

  async insert (messages: readonly ReceivedMessage[]): Promise<number> {
    const seq = this.#nextSeq++
    let start = 0
    for (;;) {
      const end = endOfPart(messages, start)
      const part = packMessages(messages.slice(start, end))
      if (end >= messages.length) return await this.#call('insert', part, seq, [part.bytes])
      this.#post({ seq, name: 'insertPart', input: part }, [part.bytes])
      start = end
      await setImmediate()
    }
  }

  async query (query: StoreQuery): Promise<StorePage> {
    return unpackPage(await this.#call('query', query))
  }

  async has (messageHashes: readonly MessageHash[]): Promise<ReadonlySet<MessageHash>> {
    return await this.#call('has', messageHashes)
  }

  async applyRetention (policy: RetentionPolicy): Promise<number> {
    return await this.#call('applyRetention', policy)
  }

  async stats (): Promise<ArchiveStats> {
    return await this.#call('stats', undefined)
  }

  async close (): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  async #close (): Promise<void> {
    if (this.#failure !== undefined) return
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    const closed = this.#call('close', undefined)
    this.#failure = archiveClosed(this.#url)
    try {
      await closed
    } finally {
      this.#worker.ref()
      await exited
    }
  }

  async #call<Name extends keyof ArchiveCalls> (
    name: Name, input: ArchiveCalls[Name]['input'], seq = this.#nextSeq++, transfer: ArrayBuffer[] = []
  ): Promise<ArchiveCalls[Name]['output']> {
    return await new Promise((resolve, reject: (error: WakuError) => void) => {
      if (this.#failure !== undefined) {
        reject(this.#failure)
        return
      }
      if (this.#pending.size === 0) this.#worker.ref()
      this.#pending.set(seq, { resolve, reject })
      this.#post({ seq, name, input } as ArchiveRequest, transfer)
    })
  }

  #post (request: ArchiveRequest, transfer: ArrayBuffer[]): void {
    this.#worker.postMessage(request, transfer)
  }

  #settle (response: ArchiveResponse): void {
    const call = this.#pending.get(response.seq)
    this.#pending.delete(response.seq)
    if (this.#pending.size === 0) this.#worker.unref()
    if ('error' in response) call?.reject(wakuErrorFromJson(response.error))
    else call?.resolve(response.output as never)
  }

  #fail (text: string, cause?: unknown): void {
    this.#failure ??= archiveFailed('other', this.#url, text, { cause })
    const failure = this.#failure
    for (const call of this.#pending.values()) call.reject(failure)
    this.#pending.clear()
  }
}

function endOfPart (messages: readonly ReceivedMessage[], start: number): number {
  let numBytes = 0
  let end = start
  for (const message of messages.slice(start, start + maxPartMessages)) {
    numBytes += packedSizeOf(message)
    if (end > start && numBytes > maxPartBytes) break
    end++
  }
  return end
}
