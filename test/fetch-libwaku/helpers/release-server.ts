import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Handler = (request: IncomingMessage, response: ServerResponse, numBefore: number) => void

/** What an asset of a release is listed with. */
export interface ListedAsset {
  readonly name?: string
  readonly content: Buffer
  readonly size?: number | undefined
  readonly digest?: string | null
  /** What asking for it gives, instead of the content. */
  readonly handler?: Handler
}

export const debName = 'libwaku-v0.38.1-arm64-linux-linux.deb'

/** A releases API, and the files that it lists, on a port of this machine. */
export class ReleaseServer {
  readonly #server: Server
  readonly #handlers = new Map<string, Handler>()
  readonly #numAsked = new Map<string, number>()
  /** What was asked for, with the range. */
  readonly log: string[] = []

  private constructor () {
    this.#server = createServer((request, response) => {
      const path = request.url ?? ''
      this.log.push(`${path}${request.headers.range === undefined ? '' : ` ${request.headers.range}`}`)
      const numBefore = this.#numAsked.get(path) ?? 0
      this.#numAsked.set(path, numBefore + 1)
      const handler = this.#handlers.get(path)
      if (handler === undefined) response.writeHead(404).end('{"message":"Not Found"}')
      else handler(request, response, numBefore)
    })
  }

  static async listen (): Promise<ReleaseServer> {
    const server = new ReleaseServer()
    await once(server.#server.listen(0, '127.0.0.1'), 'listening')
    return server
  }

  async close (): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  get port (): number {
    return (this.#server.address() as AddressInfo).port
  }

  url (path: string): string {
    return `http://127.0.0.1:${this.port}${path}`
  }

  get releasesUrl (): string {
    return this.url('/releases')
  }

  on (path: string, handler: Handler): void {
    this.#handlers.set(path, handler)
  }

  /** Lists a release, and serves its files. */
  release (assets: readonly ListedAsset[], version = 'v0.38.1'): void {
    const listed = assets.map(({ name = debName, content, size = content.length, digest = `sha256:${sha256(content)}`, handler }) => {
      this.on(`/files/${name}`, handler ?? file(content))
      return { name, browser_download_url: this.url(`/files/${name}`), size, digest }
    })
    const answer: Handler = (_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ tag_name: version, assets: listed }))
    this.on(`/releases/tags/${version}`, answer)
    this.on('/releases/latest', answer)
  }
}

export function sha256 (content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Serves a file as a good server does: with an entity tag, and from where it is asked to. */
export function file (content: Buffer, etag = '"one"'): Handler {
  return (request, response) => {
    const begin = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    response.setHeader('etag', etag)
    const rest = content.subarray(begin)
    if (begin === 0 || request.headers['if-range'] !== etag) response.setHeader('content-length', content.length).end(content)
    else if (rest.length === 0) response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    else response.writeHead(206, { 'content-range': `bytes ${begin}-${content.length - 1}/${content.length}`, 'content-length': rest.length }).end(rest)
  }
}

/** Serves the first part of what a handler would serve, and then does something to the connection. */
export function breaksAfter (content: Buffer, numBytes: number, end: (response: ServerResponse) => void, etag = '"one"'): Handler {
  return (_request, response) => {
    response.writeHead(200, { etag, 'content-length': content.length })
    response.write(content.subarray(0, numBytes), () => end(response))
  }
}

/** Breaks the connection off. */
export function reset (response: ServerResponse): void {
  response.socket?.resetAndDestroy()
}
