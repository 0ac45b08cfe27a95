import type { Capabilities } from '../../backend.js'
import { isWakuError } from '../../errors.js'
import { copyOfMessage } from '../../message.js'
import { fromCrossing, sizeOfCrossing, toCrossing, withOwnBytes } from './crossing-message.js'
import { builtEntry, type HostKind, type Link, type LinkHost } from './link.js'
import { largeMessageBytes, manyCalls } from './paced-flush.js'
import { errorFromPlain, plainError, type Call, type CallInputs, type CallName, type EventItem, type MessageItem, type Settled, type ToApplication } from './protocol.js'
import { maxOpenBytes, maxOpenMessages } from './sending-queue.js'

/** Of the messages that the process may have under way, so many are taken in before it is told. */
const acknowledgedMessages = maxOpenMessages / 4
const acknowledgedBytes = maxOpenBytes / 4

/** More than js-libp2p has waiting for a peer that reads. */
const maxUnsentMessages = 4096

/** Processes in which the JS backend runs. @param entry - the module that such a process runs. */
export function remoteBackend (entry = builtEntry('host.js')): HostKind {
  return { name: 'js', entry, maxUnsentMessages, makeLink: (host) => new RemoteBackend(host) }
}

/** A backend that runs in the process. */
class RemoteBackend implements Link {
  readonly #host: LinkHost
  readonly #opened = Promise.withResolvers<Readonly<Capabilities>>()
  // What is being published, until that is answered, also when nobody waits for it any more.
  readonly #published = new Map<number, CallInputs['publish']>()
  #numTaken = 0
  #numTakenBytes = 0

  constructor (host: LinkHost) {
    this.#host = host
  }

  async open (): Promise<Readonly<Capabilities>> {
    const { logger: _, ...config } = this.#host.config
    this.#host.send({ kind: 'open', config })
    return await this.#opened.promise
  }

  begin <K extends CallName>(seq: number, name: K, inputs: CallInputs[K]): { pass: (reason: Error) => void } {
    this.#host.send(this.#callItem(seq, name, inputs), this.#host.numCalls() >= manyCalls && !isLarge(inputs))
    return { pass: (reason) => this.#host.send({ kind: 'abort', seq, reason: plainError(reason) }) }
  }

  take (item: ToApplication): void {
    if (item.kind === 'message') this.#takeMessage(item)
    else this.#takeOther(item)
  }

  lost (): void {
    this.#published.clear()
  }

  #callItem (seq: number, name: CallName, inputs: CallInputs[CallName]): Call {
    if (name !== 'publish') return { kind: 'call', seq, name, inputs } as Call
    const publishing = inputs as CallInputs['publish']
    const [message, pubsubTopic, messageHash] = publishing
    this.#published.set(seq, publishing)
    return { kind: 'call', seq, name, inputs: [toCrossing(message), pubsubTopic, messageHash] }
  }

  #takeMessage ({ message, pubsubTopic, messageHash }: MessageItem): void {
    this.#numTaken++
    this.#numTakenBytes += sizeOfCrossing(message)
    this.#host.events.message(withOwnBytes({ message: fromCrossing(message), pubsubTopic, messageHash }))
    this.#acknowledge()
  }

  // Not each message: the process sends on meanwhile.
  #acknowledge (): void {
    const [numMessages, numBytes] = [this.#numTaken, this.#numTakenBytes]
    if (numMessages < acknowledgedMessages && numBytes < acknowledgedBytes) return
    this.#numTaken = this.#numTakenBytes = 0
    this.#host.send({ kind: 'acknowledge', numMessages, numBytes })
  }

  #takeOwn (seq: number): void {
    const published = this.#published.get(seq)
    if (published === undefined) return
    const [message, pubsubTopic, messageHash] = published
    // It may have to be published once more, and the application may change what it gets.
    this.#host.events.message({ message: copyOfMessage(message), pubsubTopic, messageHash })
  }

  #takeOther (item: Exclude<ToApplication, MessageItem>): void {
    switch (item.kind) {
      case 'settled': this.#takeAnswer(item); break
      case 'own': this.#takeOwn(item.seq); break
      case 'event': this.#takeEvent(item); break
      case 'log': this.#host.config.logger[item.level](item.message, item.fields); break
      case 'opened': this.#opened.resolve(item.supports); break
      case 'open-failed': this.#opened.reject(errorFromPlain(item.error)); break
    }
  }

  #takeAnswer (item: Settled): void {
    this.#published.delete(item.seq)
    this.#host.settle(item.seq, 'error' in item ? { error: errorFromPlain(item.error) } : item)
  }

  #takeEvent (item: EventItem): void {
    const { events } = this.#host
    if (item.name === 'archiveFailed') {
      const error = errorFromPlain(item.inputs[0])
      if (isWakuError(error)) events.archiveFailed(error)
    } else {
      (events[item.name] as (...inputs: readonly unknown[]) => void)(...item.inputs)
    }
  }
}

function isLarge ([message]: CallInputs[CallName]): boolean {
  return typeof message === 'object' && 'payload' in message && message.payload.byteLength >= largeMessageBytes
}
