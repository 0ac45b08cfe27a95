import { checkSignal, onAbort } from './abort-listener.js'
import { invalidArgument, reasonOf, type BackendExitReason, type WakuError } from './errors.js'
import type { ReceivedMessage } from './message.js'
import type { ConnectionStatus, TopicHealth } from './peers.js'

/** Where a node is in its life. `closed` is for good; from `stopped` it can be started again. */
export type NodeStatus = 'created' | 'starting' | 'started' | 'stopping' | 'stopped' | 'closing' | 'closed'

/** The events of a node and what each carries. */
export interface WakuNodeEvents {
  /** Each change of the node's status. */
  'status': { readonly status: NodeStatus, readonly previous: NodeStatus }
  /** Each message on a subscribed topic, once, the node's own included. For a bounded or asynchronous reader use `subscribe`. */
  'message': ReceivedMessage
  /** A peer is connected. The address is the remote one, without the peer id; unknown to some backends. */
  'peer:connect': { readonly peerId: string, readonly address?: string | undefined }
  /** The last connection to a peer is gone. `reason` tells why this node dropped it; absent when the peer or the network did. */
  'peer:disconnect': { readonly peerId: string, readonly reason?: string | undefined }
  /** The health of a subscribed pubsub topic changed. */
  'topic:health': { readonly pubsubTopic: string, readonly health: TopicHealth }
  /** How well the node as a whole is connected changed. */
  'connection:status': { readonly status: ConnectionStatus }
  /** Messages were lost because a reader was too slow. `count` since the last such event. */
  'events:dropped': { readonly source: DropSource, readonly count: number }
  /** The node does not answer, or answers again. In a process of its own it is restarted if it does not soon. */
  'node:unresponsive': { readonly unresponsive: boolean }
  /** The archive failed to keep messages; they are retried while memory for them lasts, and `events:dropped` tells when it did not. */
  'archive:error': { readonly error: WakuError }
  /** The process of the backend has ended unasked, and its peers are gone; with `isolation: 'process'` only. `status` stays what it is. */
  'backend:exit': BackendExit
  /** A new process has taken the place of one that ended: the node listens and is subscribed as before, and connects to its peers again. */
  'backend:restart': BackendRestart
  /** A listener or subscriber threw or rejected. Nothing else is affected by it. */
  'listener:error': { readonly error: unknown, readonly event: string }
}

/** How the process of a backend ended. */
export interface BackendExit {
  readonly reason: BackendExitReason
  readonly pid: number
  /** The exit code; null when a signal ended the process. */
  readonly code: number | null
  /** As `SIGSEGV`; null when the process ended by itself. */
  readonly signal: string | null
  /** When a new process is started, in milliseconds from now; null when the node is not started: its next start does that. */
  readonly restartInMs: number | null
}

/** What became of a node whose backend ended. */
export interface BackendRestart {
  /** The new process. */
  readonly pid: number
  /** From the end of the old process until the node was subscribed again, in milliseconds. */
  readonly downMs: number
}

/** Which queue overflowed: a subscription's, the backend's, or the one in front of the archive. */
export type DropSource = 'subscription' | 'backend' | 'archive'

/** A function that receives one kind of event. A promise that it returns is not waited for. */
export type EventListener<E> = (event: E) => unknown

/** Calls listeners by event name. A listener that throws or rejects is reported as `listener:error`, and the others are still called. */
export class EventEmitter<Events extends { 'listener:error': { error: unknown, event: string } }> {
  readonly #listeners = new Map<keyof Events, ReadonlySet<EventListener<never>>>()

  /**
   * Adds a listener.
   *
   * @param options.signal - removes the listener when it fires.
   * @returns a function that removes the listener.
   * @throws {WakuError} `WAKU_INVALID_ARGUMENT`
   */
  on<K extends keyof Events> (event: K, listener: EventListener<Events[K]>, options: { signal?: AbortSignal | undefined } = {}): () => void {
    const { signal } = options
    if (typeof listener !== 'function') throw invalidArgument('listener', 'must be a function')
    checkSignal('options.signal', signal)
    let forgetSignal = (): void => {}
    const off = (): void => {
      forgetSignal()
      this.off(event, listener)
    }
    if (signal?.aborted === true) return off
    // The sets are replaced, never changed, so that an emission under way sees the listeners it began with.
    this.#listeners.set(event, new Set([...this.#listeners.get(event) ?? [], listener]))
    forgetSignal = onAbort(signal, off)
    return off
  }

  /** Adds a listener for the next such event only. @returns a function that removes it. */
  once<K extends keyof Events> (event: K, listener: EventListener<Events[K]>, options: { signal?: AbortSignal | undefined } = {}): () => void {
    const off = this.on(event, (payload) => { off(); return listener(payload) }, options)
    return off
  }

  /** Removes a listener. */
  off<K extends keyof Events> (event: K, listener: EventListener<Events[K]>): void {
    const remaining = new Set(this.#listeners.get(event))
    remaining.delete(listener)
    if (remaining.size === 0) this.#listeners.delete(event)
    else this.#listeners.set(event, remaining)
  }

  /** Tells whether anybody listens for an event. @internal */
  protected hasListeners (event: keyof Events): boolean {
    return this.#listeners.has(event)
  }

  /** Calls every listener of an event with it. @internal */
  protected emit<K extends keyof Events> (event: K, payload: Events[K]): void {
    const listeners = this.#listeners.get(event)
    if (listeners === undefined) return
    const failed = (error: unknown): void => {
      // A failing listener of listener:error itself has nowhere else to be reported.
      if (event === 'listener:error') process.emitWarning(asError(error))
      else this.reportListenerError(error, String(event))
    }
    for (const listener of listeners) {
      try {
        const result = (listener as EventListener<Events[K]>)(payload)
        if (result instanceof Promise) result.catch(failed)
      } catch (error) {
        failed(error)
      }
    }
  }

  /** Emits `listener:error`, or prints a warning when nobody listens for it. @internal */
  protected reportListenerError (error: unknown, event: string): void {
    if (this.#listeners.has('listener:error')) this.emit('listener:error', { error, event })
    else process.emitWarning(asError(error))
  }
}

const asError = (error: unknown): Error => error instanceof Error ? error : new Error(reasonOf(error))
