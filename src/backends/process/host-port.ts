import { createServer } from 'node:net'
import { Application } from './application.js'
import { Channel } from './channel.js'
import type { ToApplication, ToHost } from './protocol.js'

/** The child's end of the channel to the application. */
export type HostPort = Channel<ToHost, ToApplication>

/** What does as the application says. */
export interface HostServer {
  take (item: ToHost): void
  /** Answers a ping. @param sentAtMs - when it was sent, in milliseconds since the Unix epoch. */
  ping (sentAtMs: number): void
  /** Clears away, within bounds, and ends the process. */
  end (): Promise<void>
}

/** Has a server do as the application says that started this process, and ends the process with the application. */
export function serve (makeServer: (port: HostPort) => HostServer): void {
  const application = new Application()
  let server: HostServer | undefined
  const listener = createServer((socket) => {
    listener.close()
    const port: HostPort = Channel.accept(socket, {
      items: (items) => { for (const item of items) server?.take(item) },
      ping: (sentAtMs) => server?.ping(sentAtMs),
      end: () => { void server?.end() },
      closed: () => { void server?.end() }
    })
    server = makeServer(port)
    application.connected()
  })
  listener.listen(application.socketPath, () => application.tell({}))
}
