import { WakuError, invalidArgument } from '../../../errors.js'
import type { AnswerListener, Argument, CallOptions, ContextOptions, ContextStats, DriverContext, DriverEvent, Reply, WaitOptions } from './driver.js'
import type { RequestOwner } from './pending.js'
import { copyOfReply, readText } from './read-text.js'
import { closed, refusal } from './refusal.js'

/** What a node needs of its driver. */
export interface ContextHost {
  /** How many calls may be open. */
  readonly maxCalls: number
  /** Makes a call. @throws {WakuError} if it cannot be made. */
  begin (name: string, args: readonly Argument[], options: CallOptions, listener: AnswerListener): void
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
export class BridgeContext implements DriverContext, RequestOwner {
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

  async call (name: string, args: readonly Argument[] = [], options: CallOptions = {}): Promise<Reply> {
    return await new Promise((resolve, reject) => {
      this.begin(name, args, options, { answered: (reply) => resolve(copyOfReply(reply)), failed: reject })
    })
  }

  begin (name: string, args: readonly Argument[], options: CallOptions, listener: AnswerListener): void {
    try {
      if (this.#destroyed !== undefined) throw closed(name)
      checkArguments(name, args)
      this.#host.begin(name, args, options, listener)
    } catch (error) {
      queueMicrotask(() => listener.failed(error))
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

  heard (operation: string, { code }: Reply): void {
    if (code < 0) throw refusal(code, { operation, maxCalls: this.#host.maxCalls })
    if (code === 0 && operation === 'waku_start') this.#setRunning(true)
    if (code === 0 && operation === 'waku_stop') this.#setRunning(false)
  }

  onEvents (events: readonly DriverEvent[]): void {
    this.#listeners.onEvents?.(events)
  }

  onDropped (count: number): void {
    this.#listeners.onDropped?.(count)
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
