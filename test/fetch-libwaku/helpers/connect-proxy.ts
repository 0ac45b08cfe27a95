import { createServer, request as ask } from 'node:http'
import { connect, type Socket } from 'node:net'
import { listen } from '../../helpers/listen.js'

/** A proxy on this machine, for tunnels and for plain requests. */
export interface ConnectProxy {
  readonly url: string
  /** Where it was asked to go to. */
  readonly log: string[]
  readonly close: () => Promise<void>
}

/** @param credentials - `user:password` that it wants to see. */
export async function openProxy (credentials?: string): Promise<ConnectProxy> {
  const log: string[] = []
  const sockets = new Set<Socket>()
  const isWelcome = (header: string | undefined): boolean => credentials === undefined || header === `Basic ${Buffer.from(credentials).toString('base64')}`
  const server = createServer((request, response) => {
    log.push(`GET ${new URL(request.url ?? '').host}`)
    if (!isWelcome(request.headers['proxy-authorization'])) response.writeHead(407).end()
    else ask(request.url ?? '', { headers: request.headers }, (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers))).end()
  })
  server.on('connection', (socket) => sockets.add(socket))
  server.on('connect', (request, socket) => {
    log.push(`CONNECT ${request.url ?? ''}`)
    if (!isWelcome(request.headers['proxy-authorization'])) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const { hostname, port } = new URL(`http://${request.url ?? ''}`)
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    sockets.add(upstream)
    for (const [one, other] of [[socket, upstream], [upstream, socket]] as const) one.on('error', () => other.destroy())
  })
  const port = await listen(server)
  return {
    url: `http://${credentials === undefined ? '' : `${credentials}@`}127.0.0.1:${port}`,
    log,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
