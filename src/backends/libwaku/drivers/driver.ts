import type { Deadline } from '../../../deadline.js'

/**
 * The way into the native library, whichever front door of the bridge is used. It moves text and bytes and knows the
 * life of a node; JSON, defaults and the meaning of error texts are the backend's.
 */
export interface Driver {
  /** Which front door this is. */
  readonly name: 'addon' | 'koffi'

  /**
   * Opens the library; a process opens one, once, for good, and a second path is refused.
   *
   * @param libraryPath - a path, or a bare file name, which the system's loader looks for.
   * @throws {WakuError} `WAKU_UNAVAILABLE`.
   */
  open (libraryPath: string, options?: OpenOptions): Promise<OpenLibrary>

  /**
   * Creates a node in the open library and waits until it can be called. One whose creation fails or takes too long
   * is destroyed in the background.
   *
   * @param configJson - the library's configuration.
   * @throws {WakuError} `WAKU_LIBRARY_ERROR`, with keys taken out of the library's text; `WAKU_UNAVAILABLE`,
   * `WAKU_INVALID_ARGUMENT`, `WAKU_TIMEOUT`, `WAKU_ABORTED`, `WAKU_CLOSED`.
   */
  create (configJson: string, options?: ContextOptions): Promise<DriverContext>

  /** Returns the bridge's counters for the whole process; all zero where the bridge is in another. */
  stats (): DriverStats

  /**
   * Gives up this driver: its nodes are stopped and destroyed in the background, or with the process they are in, what is
   * pending rejects with `WAKU_CLOSED`. Idempotent.
   */
  close (): void
}

/** One node of the library. */
export interface DriverContext {
  /**
   * Calls a function of the library by its name in generation A and B, or `logosdelivery_…`. Resolves with the
   * library's answer, be it success or failure.
   *
   * @throws {WakuError} `WAKU_NOT_SUPPORTED` (this generation has no such function), `WAKU_INVALID_ARGUMENT`
   * (number, kind or range of arguments, or a NUL in a text), `WAKU_QUEUE_FULL`, `WAKU_CLOSED`, `WAKU_TIMEOUT`,
   * `WAKU_ABORTED`. After the last two the library goes on, and its answer is dropped, but for a call that was held back when its
   * `deadline` passed.
   */
  call (name: string, args?: readonly Argument[], options?: CallOptions): Promise<Reply>

  /** Does the same without a promise and without a copy of the answer, which would cost every message. Never throws. */
  begin (name: string, args: readonly Argument[], options: CallOptions, listener: AnswerListener): void

  /**
   * Says which peers take what is published: their multiaddrs, with their ids. Where publishing is paced they are pinged to find out
   * what has reached them, but not later than five seconds after this: to be called about every second while calls that publish are
   * open, and when much has been published.
   *
   * @throws {WakuError} `WAKU_CLOSED`
   */
  setPeers (addresses: readonly string[]): Promise<void>

  /**
   * Destroys the node, which can take half a minute; a started one is to be stopped before. From here on no event
   * comes, open calls reject with `WAKU_CLOSED` in the end, new ones at once. Idempotent.
   *
   * @throws {WakuError} `WAKU_LIBRARY_ERROR` (the node leaks), `WAKU_TIMEOUT`, `WAKU_ABORTED` (it goes on).
   */
  destroy (options?: WaitOptions): Promise<void>

  /** Returns this node's counters; all zero once it is gone. */
  stats (): ContextStats
}

/** A text, whole or in parts, or an integer. */
export type Argument = string | number | TextParts

/** A text made of texts, of which one comes first, and, for bytes, their base64. */
export type TextParts = ReadonlyArray<string | Uint8Array>

/** An answer of the library. */
export interface Reply {
  /** 0: success; 1: failure, and `bytes` says why. */
  readonly code: number
  /** Text, as a rule; {@link readText} checks and decodes it. Valid for as long as it is kept. */
  readonly bytes: Uint8Array
}

/** Who waits for an answer. Is told once, and not before the call is made. */
export interface AnswerListener {
  /** There is one. Its memory is used again afterwards. What this throws is the failure of the call. */
  answered (reply: Reply): void
  /** There is none: what {@link DriverContext.call} throws. */
  failed (error: unknown): void
}

/** An event of the library. */
export interface DriverEvent {
  /** 0; with 1, `bytes` is an error text. */
  readonly code: number
  /** JSON text, as a rule. Valid until the turn ends that it came with: the memory is used again. */
  readonly bytes: Buffer
  /** Of a message: its payload, which is cut out of the text and leaves `"payload":""`. Valid for as long as `bytes`. */
  readonly payload?: Buffer
}

/** How long to wait. */
export interface WaitOptions {
  /** In milliseconds; 0, the default, waits for ever. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** How to call a function. */
export interface CallOptions extends WaitOptions {
  /** The hash of the message that the call publishes: the event by which the library repeats it is left out. */
  readonly repeated?: string | undefined
  /** When it passes, a call that publishes is given up if it is held back; if not, its answer is waited for all the same. */
  readonly deadline?: Pick<Deadline, 'listen'> | undefined
}

/** How to open the library. */
export interface OpenOptions extends WaitOptions {
  /**
   * What becomes of what the library prints to standard output: its log above all. `ignore`, the default, drops it;
   * `stderr` sends it to standard error; `inherit` lets it mix with the host's. Decided by the first to open.
   */
  readonly output?: 'inherit' | 'ignore' | 'stderr'
}

/** The open library. */
export interface OpenLibrary {
  /** Of its ABI: A is libwaku up to v0.37, B is v0.38, C is liblogosdelivery. */
  readonly generation: 'A' | 'B' | 'C'
  /** The file, without links. */
  readonly path: string
  /** The functions that {@link DriverContext.call} can call. */
  readonly functions: ReadonlySet<string>
}

/** How to create a node. */
export interface ContextOptions extends WaitOptions {
  /** Receives events in turns of at most 64 or 256 KiB. It must not throw. */
  readonly onEvents?: (events: readonly DriverEvent[]) => void
  /** Learns how many events were dropped, since the last time, because the queue was full. */
  readonly onDropped?: (count: number) => void
  /** How many events may wait for JavaScript, default 32 768. */
  readonly maxEvents?: number
  /** How many bytes of events may wait for JavaScript, payloads counted as bytes; default 64 MiB. */
  readonly maxEventBytes?: number
  /** How many calls may be open, default 1024. Those that the library never answers count until the node is gone. */
  readonly maxCalls?: number
  /**
   * Whether calls that publish are held back for as long as too much of what was handed to the library may not have reached its peers,
   * of which {@link DriverContext.setPeers} tells; default false. The library answers before it sends, and drops what it cannot queue.
   */
  readonly isPaced?: boolean
}

/** Counters of the bridge, process-wide. */
export interface DriverStats {
  /** Nodes that exist in the library, those being destroyed included. */
  readonly contexts: number
  /** Nodes left to the end of the process: on purpose at its end, or because their destruction failed. */
  readonly leakedContexts: number
  /** Threads that may enter the library; they are kept for the next node. */
  readonly dispatchers: number
  readonly idleDispatchers: number
  /** Requests that the library has not answered. */
  readonly openRequests: number
  /** Second or late answers, dropped. */
  readonly strayReplies: number
  /** Events for nodes that are gone, dropped. */
  readonly strayEvents: number
  /** Answers that could not be copied for want of memory. */
  readonly lostReplies: number
  readonly sessions: number
}

/** Counters of one node. */
export interface ContextStats {
  readonly openCalls: number
  readonly eventsWaiting: number
  readonly eventBytesWaiting: number
  readonly eventsReceived: number
  readonly eventsDropped: number
}
