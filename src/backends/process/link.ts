import type { Backend, BackendListener, Capabilities } from '../../backend.js'
import type { NodeConfig } from '../../config.js'
import type { Deadline } from '../../deadline.js'
import type { CallInputs, CallName, HostReady, ToApplication, ToHost } from './protocol.js'

/** How a call ended. */
export type Outcome = { readonly output: unknown } | { readonly error: Error }

/** What a link needs of the session around it. */
export interface LinkHost {
  readonly config: NodeConfig
  readonly events: Omit<BackendListener, 'exited' | 'restarted'>
  /** How many calls are under way. */
  numCalls (): number
  /** Sends something at the end of the turn, or a moment later when it can wait; it is lost if the process ends before. */
  send (item: ToHost, canWait?: boolean): void
  /** Sends bytes at once, as `Channel.postBytes` does. */
  readonly postBytes: (frame: Buffer) => boolean
  /** Ends a call. */
  settle (seq: number, outcome: Outcome): void
}

/** The way from a session to its backend, which runs in the process, or here on a library that is in the process. */
export interface Link {
  /** Makes the backend, and tells what it can do. @param ready - what the process told of itself. */
  open (ready: HostReady): Promise<Readonly<Capabilities>>
  /**
   * Begins a call; `seq` tells those of a session apart. Its end is told by {@link LinkHost.settle}.
   *
   * @returns what gives the call up; it is settled all the same.
   */
  begin <K extends CallName>(seq: number, name: K, inputs: CallInputs[K]): Pick<Deadline, 'pass'>
  /** Takes in what the process has sent. */
  take? (item: ToApplication): void
  /** Takes in bytes that it has sent; the memory is used again. */
  takeBytes? (bytes: Buffer): void
  /** The process is gone. */
  lost (reason: Error): void
}

/** A kind of process, and the link to what is in it. */
export interface HostKind {
  readonly name: Backend['name']
  /** The module that the process runs. */
  readonly entry: URL
  /** How many messages that it has accepted its backend may not have sent yet. More cost memory, and the time of its collector. */
  readonly maxUnsentMessages: number
  makeLink (host: LinkHost): Link
}

/** Finds an entry beside this module in the bundle; when the sources run as they are, in tests, the one that was built last. */
export function builtEntry (file: string): URL {
  return new URL(import.meta.url.endsWith('.ts') ? `../../../dist/${file}` : `./${file}`, import.meta.url)
}
