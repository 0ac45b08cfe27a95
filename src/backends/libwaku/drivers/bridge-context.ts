import { WakuError, invalidArgument } from '../../../errors.js'
import type { Argument, CallOptions, ContextOptions, ContextStats, DriverContext, DriverEvent, Reply, WaitOptions } from './driver.js'
import { copyOfReply, readText } from './read-text.js'
import { closed, refusal } from './refusal.js'

/** What a node needs of its driver. */
export interface ContextHost {
  /** How many calls may be open. */
  readonly maxCalls: number
  call<T> (name: string, args: readonly Argument[], options: CallOptions, read: (reply: Reply) => T): Promise<T>
  destroy (options?: WaitOptions): Promise<Reply>
  stats (): readonly number[] | undefined
  /** `running` has changed. */
  onChange (): void
  /** The node is gone. */
  forget (): void
}

/** Who hears of what the node does. */
export type ContextListeners = { readonly [K in 'onEvents' | 'onDropped']: ContextOptions[K] | undefined }

/** A node of the library, over the bridge. */
export class BridgeContext implements DriverContext {
  readonly id: number
  readonly #listeners: ContextListeners
  readonly #host: ContextHost
  #running = false
  #destroyed: Promise<void> | undefined

  constructor (id: number, listeners: ContextListeners, host: ContextHost) {
    this.id = id
    this.#listeners = listeners
    this.#host = host
  }

  /** Whether the node is started, and so keeps the process alive. */
  get running (): boolean { return this.#running }

  // Not async: each promise more would cost every message.
  call<T = Reply> (name: string, args: readonly Argument[] = [], options: CallOptions = {}, read = copyOfReply as (reply: Reply) => T): Promise<T> {
    try {
      if (this.#destroyed !== undefined) throw closed(name)
      checkArguments(name, args)
      return this.#host.call(name, args, options, (reply) => this.#read(name, reply, read))
    } catch (error) {
      return Promise.reject(error) // eslint-disable-line @typescript-eslint/prefer-promise-reject-errors -- passed on as it is
    }
  }

  async setPeers (addresses: readonly string[]): Promise<void> {
    await this.call('peers', [addresses.join(' ')])
  }

  async destroy (options?: WaitOptions): Promise<void> {
    this.#destroyed ??= this.#destroy(options)
    return this.#destroyed
  }

  stats (): ContextStats {
    const [openCalls = 0, eventsWaiting = 0, eventBytesWaiting = 0, eventsReceived = 0, eventsDropped = 0] = this.#host.stats() ?? []
    return { openCalls, eventsWaiting, eventBytesWaiting, eventsReceived, eventsDropped }
  }

  onEvents (events: readonly DriverEvent[]): void {
    this.#listeners.onEvents?.(events)
  }

  onDropped (count: number): void {
    this.#listeners.onDropped?.(count)
  }

  #read<T> (name: string, reply: Reply, read: (reply: Reply) => T): T {
    if (reply.code < 0) throw refusal(reply.code, { operation: name, maxCalls: this.#host.maxCalls })
    if (reply.code === 0 && name === 'waku_start') this.#setRunning(true)
    if (reply.code === 0 && name === 'waku_stop') this.#setRunning(false)
    return read(reply)
  }

  async #destroy (options?: WaitOptions): Promise<void> {
    this.#host.forget()
    this.#setRunning(false)
    const reply = await this.#host.destroy(options)
    if (reply.code === 0) return
    throw new WakuError('WAKU_LIBRARY_ERROR', 'the library did not destroy the node', { operation: 'destroy', libraryMessage: readText(reply, 'destroy') })
  }

  #setRunning (running: boolean): void {
    if (this.#running === running || (running && this.#destroyed !== undefined)) return
    this.#running = running
    this.#host.onChange()
  }
}

function checkArguments (name: string, args: readonly Argument[]): void {
  for (const argument of args) {
    if (typeof argument === 'string') {
      checkText(name, argument)
    } else if (typeof argument === 'object') {
      if (typeof argument[0] !== 'string') throw invalidArgument(name, 'the first part of a text is not a text')
      for (const part of argument) if (typeof part === 'string') checkText(name, part)
    } else if (!Number.isSafeInteger(argument)) {
      throw invalidArgument(name, 'a number is not an integer')
    }
  }
}

function checkText (name: string, text: string): void {
  if (text.includes('\0')) throw invalidArgument(name, 'a text holds a NUL')
}
