import type { ToApplication, ToHost } from './protocol.js'

/** The child's end of the channel to the application. */
export interface HostPort {
  post (items: readonly ToApplication[]): void
  /** Whether it clones the whole memory that some bytes are a part of. */
  readonly clonesWholeBuffers: boolean
  onItems (listener: (items: readonly ToHost[]) => void): void
  /** The application is gone. */
  onDisconnect (listener: () => void): void
}

/** What Electron puts on `process` in a utility process. */
interface ParentPort {
  postMessage (message: unknown): void
  on (event: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/** Opens the channel to the process that started this one: the one of `child_process.fork`, or that of a utility process of Electron. */
export function openHostPort (): HostPort {
  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort !== undefined) {
    return {
      post: (items) => parentPort.postMessage(items),
      clonesWholeBuffers: true,
      onItems: (listener) => parentPort.on('message', ({ data }) => listener(data as readonly ToHost[])),
      // Electron ends its utility processes itself when the main process is gone.
      onDisconnect: () => {}
    }
  }
  if (process.send === undefined) throw new Error('host runs as a child process only')
  const send = process.send.bind(process) as (message: unknown, handle: undefined, options: undefined, done: (error: Error | null) => void) => boolean
  return {
    // What cannot be sent any more is of no use to anybody: `disconnect` is on its way.
    clonesWholeBuffers: false,
    post: (items) => { if (process.connected) send(items, undefined, undefined, () => {}) },
    onItems: (listener) => process.on('message', (message) => listener(message as readonly ToHost[])),
    onDisconnect: (listener) => process.once('disconnect', listener)
  }
}

/** What does as the application says. */
export interface HostServer {
  take (item: ToHost): void
  /** Clears away, within bounds, and ends the process. */
  end (): Promise<void>
}

/** Has a server do as the application at the other end of a port says, and ends the process with the application. */
export function serve (port: HostPort, server: HostServer): void {
  port.onItems((items) => { for (const item of items) server.take(item) })
  port.onDisconnect(() => { void server.end() })
  // A terminal signals all processes in front of it. This one lives as long as the application does, which may have things to finish.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
}
