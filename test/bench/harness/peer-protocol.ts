/** What a peer program takes as its argument, in JSON. */
export interface PeerOptions {
  /** Where the node keeps messages to serve them, as `sqlite:///folder/file`; by default it keeps none. */
  readonly storeUrl?: string
}

/** A burst or a stream of numbered messages. */
export interface PublishParams {
  readonly count: number
  /** Of the payload. */
  readonly sizeBytes: number
  /** Over how many content topics the messages go in turn, 1 by default. */
  readonly numTopics?: number
  /** Messages per second, evenly spread; as fast as publishing goes by default. */
  readonly rate?: number
}

/** What came in since `expect`. */
export interface Received {
  readonly distinct: number
  readonly doubled: number
  /** Seconds from the first message to the last. */
  readonly seconds: number
  /** From the call of publish to that of the listener, in milliseconds, a value for each message. */
  readonly latenciesMs: readonly number[]
}

/** One page of the store and how long it took. */
export interface QueriedPage {
  readonly ms: number
  /** The numbers that the messages were published with. */
  readonly numbers: readonly number[]
}

/** What a peer program does on request. Each has one object of parameters, and answers once it is done. */
export interface PeerVerbs {
  dial (params: { readonly address: string }): null
  /** Starts to listen; `expect` says for what. */
  subscribe (params: Record<string, never>): null
  getMeshSize (params: Record<string, never>): number
  publish (params: PublishParams): null
  /** Makes ready to count messages numbered from 0. Latencies are kept on demand, since they cost memory. */
  expect (params: { readonly count: number, readonly latencies?: boolean }): null
  /** Waits until everything expected came in and a while longer for doubles, or until nothing has come for `stalledMs`, 10 s by default. */
  receive (params: { readonly stalledMs?: number }): Received
  /** Resident memory in bytes after a full garbage collection. */
  getMemory (params: Record<string, never>): number
  /** Asks the node at `address` for 20 messages of a content topic, given by its number, from a moment on (in nanoseconds, decimal). */
  queryPage (params: { readonly address: string, readonly topic: number, readonly timeStart: string }): QueriedPage
}

/** What a peer program sends: an answer, the one to request 0 once it listens. */
export type PeerAnswer =
  | { readonly id: number, readonly result: unknown }
  | { readonly id: number, readonly error: string }

/** The answer to request 0. */
export interface Listening {
  /** The machine's monotonic clock in nanoseconds, decimal. */
  readonly atNs: string
  readonly addresses: readonly string[]
}
