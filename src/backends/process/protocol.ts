import type { Backend, BackendEvents, Capabilities } from '../../backend.js'
import type { NodeConfig } from '../../config.js'
import { isWakuError, reasonOf, WakuError, type WakuErrorJson } from '../../errors.js'
import type { MessageHash } from '../../message.js'
import type { Logger } from '../../options.js'
import type { CrossingMessage } from './crossing-message.js'

/*
 * All that crosses between an application's process and that of a backend. Each transmission is an array of these, in order. Everything
 * is plain data that the structured clone takes: bigints and bytes cross as they are. What crosses to a library is in bridge.h.
 */

/** Options as they cross; log lines come back as {@link LogLine}. */
export type HostConfig = Omit<NodeConfig, 'logger'>

/** What a process tells the one that started it, once and as JSON: that it can be connected to, or that there is nothing to connect to. */
export interface HostReady {
  /** By which door the bridge was loaded, if the process is one of the library. */
  readonly door?: 'addon' | 'koffi'
  readonly error?: PlainError
}

/** What the application's process sends to a backend in another. */
export type ToHost = Opening | Call | Abort | Acknowledgement

/** The first item, and sent once: the options of the backend to make. Answered by {@link Opened} or {@link OpenFailed}. */
export interface Opening {
  readonly kind: 'open'
  readonly config: HostConfig
}

/** What is handed to each method of the backend, but for the signal or deadline, in whose place an {@link Abort} is sent. */
export interface CallInputs {
  start: Inputs<'start', 1>
  stop: Inputs<'stop', 0>
  close: Inputs<'close', 0>
  publish: Inputs<'publish', 3>
  subscribe: Inputs<'subscribe', 1>
  unsubscribe: Inputs<'unsubscribe', 1>
  queryStore: Inputs<'queryStore', 2>
  dial: Inputs<'dial', 1>
  disconnect: Inputs<'disconnect', 1>
  ping: Inputs<'ping', 1>
  getPeers: Inputs<'getPeers', 0>
  getPeersInMesh: Inputs<'getPeersInMesh', 1>
  getVersion: Inputs<'getVersion', 0>
  getListenAddresses: Inputs<'getListenAddresses', 0>
  getEnr: Inputs<'getEnr', 0>
  getMetrics: Inputs<'getMetrics', 0>
}

/** What crosses: that of a message in a form of its own. */
export type CrossingInputs = Omit<CallInputs, 'publish'> & { publish: [CrossingMessage, pubsubTopic: string, messageHash: MessageHash] }

type First<T extends readonly unknown[], N extends 0 | 1 | 2 | 3> =
  N extends 0 ? [] : N extends 1 ? [T[0]] : N extends 2 ? [T[0], T[1]] : [T[0], T[1], T[2]]
type Inputs<K extends keyof Backend, N extends 0 | 1 | 2 | 3> = Backend[K] extends (...inputs: infer I) => unknown ? First<I, N> : never

/** A method of the backend. */
export type CallName = keyof CallInputs

/** What a method resolves with. */
export type CallOutput<K extends CallName> = Awaited<ReturnType<Backend[K]>>

/** One call. `seq` tells the calls of one process apart. */
export type Call = { [K in CallName]: { readonly kind: 'call', readonly seq: number, readonly name: K, readonly inputs: CrossingInputs[K] } }[CallName]

/** The caller has given a call up; it is answered all the same. */
export interface Abort {
  readonly kind: 'abort'
  readonly seq: number
  readonly reason: PlainError
}

/** So many more messages have been taken in. */
export interface Acknowledgement {
  readonly kind: 'acknowledge'
  readonly numMessages: number
  readonly numBytes: number
}

/** What such a backend sends. */
export type ToApplication = Opened | OpenFailed | Settled | MessageItem | OwnMessage | EventItem | LogLine

/** The backend is made. */
export interface Opened {
  readonly kind: 'opened'
  readonly supports: Capabilities
}

/** The backend cannot be made; the process ends. */
export interface OpenFailed {
  readonly kind: 'open-failed'
  readonly error: PlainError
}

/** The answer to the call with the same `seq`. */
export type Settled =
  | { readonly kind: 'settled', readonly seq: number, readonly output: unknown }
  | { readonly kind: 'settled', readonly seq: number, readonly error: PlainError }

/** A received message. */
export interface MessageItem {
  readonly kind: 'message'
  readonly message: CrossingMessage
  readonly pubsubTopic: string
  readonly messageHash: MessageHash
}

/** The message of the `publish` call with this `seq` is received, which the application's process has. */
export interface OwnMessage {
  readonly kind: 'own'
  readonly seq: number
}

/** The events that a hosted backend tells, but for messages and errors, which have a form of their own. */
type PlainEvents = Omit<BackendEvents, 'message' | 'archiveFailed' | 'exited' | 'restarted'>

/** Any other event. */
export type EventItem =
  | { [K in keyof PlainEvents]: { readonly kind: 'event', readonly name: K, readonly inputs: Parameters<PlainEvents[K]> } }[keyof PlainEvents]
  | { readonly kind: 'event', readonly name: 'archiveFailed', readonly inputs: [PlainError] }

/** A line for the application's logger. */
export interface LogLine {
  readonly kind: 'log'
  readonly level: keyof Logger
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>> | undefined
}

/** An error as it crosses. */
export type PlainError =
  | { readonly waku: WakuErrorJson, readonly cause?: string | undefined }
  | { readonly name: string, readonly message: string }

/** Takes an error apart. */
export function plainError (error: unknown): PlainError {
  if (isWakuError(error)) return { waku: error.toJSON(), cause: error.cause === undefined ? undefined : reasonOf(error.cause) }
  return { name: error instanceof Error ? error.name : 'Error', message: reasonOf(error) }
}

/** Puts an error together again; of its cause only the text is left. */
export function errorFromPlain (plain: PlainError): Error {
  if ('waku' in plain) {
    const { code, message, details } = plain.waku
    return new WakuError(code, message, details, plain.cause === undefined ? {} : { cause: new Error(plain.cause) })
  }
  return Object.assign(new Error(plain.message), { name: plain.name })
}
