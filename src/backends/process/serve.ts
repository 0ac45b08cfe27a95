import { inspect } from 'node:util'
import type { Backend, BackendEvents } from '../../backend.js'
import type { NodeConfig } from '../../config.js'
import { Deadline, settledWithin } from '../../deadline.js'
import type { MessageHash } from '../../message.js'
import type { Logger } from '../../options.js'
import { callBackend } from './call-backend.js'
import { fromCrossing } from './crossing-message.js'
import { serve, type HostPort, type HostServer } from './host-port.js'
import { manyCalls } from './paced-flush.js'
import { errorFromPlain, plainError, type Call, type Opening, type ToHost } from './protocol.js'
import { SendingQueue } from './sending-queue.js'

/** Makes the backend. */
export type MakeBackend = (config: NodeConfig, events: BackendEvents) => Promise<Backend>

/** How long the backend is given to close when the application is gone, in milliseconds. */
const closingTimeoutMs = 2000

/** Serves one backend to the application that started this process, and ends the process with it. */
export function serveBackend (makeBackend: MakeBackend): void {
  serve((port) => new BackendServer(port, makeBackend))
}

class BackendServer implements HostServer {
  readonly #port: HostPort
  readonly #makeBackend: MakeBackend
  readonly #queue: SendingQueue
  readonly #deadlines = new Map<number, Deadline>()
  // By hash, the calls that publish at the moment: the application has what they publish.
  readonly #publishing = new Map<MessageHash, number>()
  #backend: Backend | undefined
  #closed: Promise<void> | undefined

  constructor (port: HostPort, makeBackend: MakeBackend) {
    this.#port = port
    this.#makeBackend = makeBackend
    this.#queue = new SendingQueue((items) => port.post(items))
  }

  take (item: ToHost): void {
    switch (item.kind) {
      case 'open': void this.#open(item); break
      case 'call': void this.#answer(item); break
      case 'abort': this.#deadlines.get(item.seq)?.pass(errorFromPlain(item.reason)); break
      case 'acknowledge': this.#queue.acknowledge(item.numMessages, item.numBytes); break
    }
  }

  /** Ahead of what waits for the application to take in more. */
  ping (sentAtMs: number): void {
    this.#port.pong({ sentAtMs, residentBytes: process.memoryUsage.rss(), isBehind: this.#queue.isBehind })
  }

  /** Closes the backend, within bounds, and ends the process. */
  async end (): Promise<void> {
    await settledWithin([this.#close()], closingTimeoutMs)
    process.exit()
  }

  get #hasManyCalls (): boolean {
    return this.#deadlines.size >= manyCalls
  }

  async #close (): Promise<void> {
    await (this.#closed ??= this.#backend?.close() ?? Promise.resolve())
  }

  async #open ({ config }: Opening): Promise<void> {
    try {
      this.#backend = await this.#makeBackend({ ...config, logger: this.#logger() }, this.#events())
      this.#queue.push({ kind: 'opened', supports: this.#backend.supports })
    } catch (error) {
      this.#queue.push({ kind: 'open-failed', error: plainError(error) })
    }
  }

  async #answer (call: Call): Promise<void> {
    const deadline = new Deadline()
    this.#deadlines.set(call.seq, deadline)
    try {
      const output = await this.#run(call, deadline)
      this.#queue.push({ kind: 'settled', seq: call.seq, output }, this.#hasManyCalls)
    } catch (error) {
      this.#queue.push({ kind: 'settled', seq: call.seq, error: plainError(error) }, this.#hasManyCalls)
    } finally {
      this.#deadlines.delete(call.seq)
    }
  }

  async #run (call: Call, deadline: Deadline): Promise<unknown> {
    const backend = this.#backend
    if (backend === undefined) throw new Error('called before it was opened')
    switch (call.name) {
      case 'close': { await this.#close(); return }
      case 'publish': { await this.#publish(backend, call, deadline); return }
      default: return await callBackend(backend, call.name, call.inputs, deadline)
    }
  }

  async #publish (backend: Backend, { seq, inputs: [message, pubsubTopic, messageHash] }: Extract<Call, { name: 'publish' }>, deadline: Deadline): Promise<void> {
    this.#publishing.set(messageHash, seq)
    try {
      await backend.publish(fromCrossing(message), pubsubTopic, messageHash, deadline)
    } finally {
      if (this.#publishing.get(messageHash) === seq) this.#publishing.delete(messageHash)
    }
  }

  #events (): BackendEvents {
    const queue = this.#queue
    return {
      message: (received) => {
        const seq = this.#publishing.get(received.messageHash)
        if (seq !== undefined) queue.push({ kind: 'own', seq }, this.#hasManyCalls)
        else queue.pushMessage(received)
      },
      peerConnected: (...inputs) => queue.push({ kind: 'event', name: 'peerConnected', inputs }),
      peerDisconnected: (...inputs) => queue.push({ kind: 'event', name: 'peerDisconnected', inputs }),
      topicHealth: (...inputs) => queue.push({ kind: 'event', name: 'topicHealth', inputs }),
      dropped: (...inputs) => queue.push({ kind: 'event', name: 'dropped', inputs }),
      unresponsive: (...inputs) => queue.push({ kind: 'event', name: 'unresponsive', inputs }),
      archiveFailed: (error) => queue.push({ kind: 'event', name: 'archiveFailed', inputs: [plainError(error)] }),
      exited: () => {},
      restarted: () => {}
    }
  }

  #logger (): Logger {
    const send = (level: keyof Logger): Logger[typeof level] => (message, fields) =>
      this.#queue.push({ kind: 'log', level, message, fields: fields === undefined ? undefined : plainFields(fields) })
    return { error: send('error'), warn: send('warn'), info: send('info'), debug: send('debug') }
  }
}

/** Fields of a log line may be anything; what is not plain crosses as text. */
function plainFields (fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) =>
    [key, value === null || ['string', 'number', 'boolean', 'bigint', 'undefined'].includes(typeof value) ? value : inspect(value)]))
}
