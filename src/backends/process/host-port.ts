import { createServer } from 'node:net'
import { Channel } from './channel.js'
import type { ToApplication, ToHost } from './protocol.js'

/** The child's end of the channel to the application. */
export type HostPort = Channel<ToHost, ToApplication>

/** What does as the application says. */
export interface HostServer {
  take (item: ToHost): void
  /** Takes bytes in; the memory is used again. */
  takeBytes? (bytes: Buffer): void
  /** All that was sent is on its way. */
  drained? (): void
  /** Clears away, within bounds, and ends the process. */
  end (): Promise<void>
}

/** What Electron puts on `process` in a utility process, and Node in a child process. */
interface Parent {
  readonly parentPort?: { postMessage (message: unknown): void }
  send? (message: unknown): void
  disconnect? (): void
}

/** Has a server do as the application says that started this process, and ends the process with the application. */
export function serve (makeServer: (port: HostPort) => HostServer): void {
  const parent = process as Parent
  let server: HostServer | undefined
  const listener = createServer((socket) => {
    listener.close()
    const port: HostPort = Channel.accept(socket, {
      items: (items) => { for (const item of items) server?.take(item) },
      bytes: (bytes) => server?.takeBytes?.(bytes),
      drained: () => server?.drained?.(),
      closed: () => { void server?.end() }
    })
    server = makeServer(port)
    // It has done its duty.
    parent.disconnect?.()
  })
  // The application may be gone before it has connected. Electron ends its utility processes itself then.
  process.once('disconnect', () => { if (server === undefined) process.exit() })
  listener.listen(process.argv.at(-1), () => {
    if (parent.parentPort !== undefined) parent.parentPort.postMessage('listening')
    else parent.send?.('listening')
  })
  // A terminal signals all processes in front of it. This one lives as long as the application does, which may have things to finish.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
}
