import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { NodeOptions } from 'nwaku-desktop'
import { onTestFinished } from 'vitest'
import { clusterId, shardId } from './nodes.js'

/** What can be asked of a node in a process of its own, and what it answers. */
interface Requests {
  addresses: { input: undefined, answer: string[] }
  /** Megabytes. */
  memory: { input: undefined, answer: number }
  received: { input: undefined, answer: { numReceived: number, numBytes: number } }
  /** Peer ids of connected peers. */
  peers: { input: undefined, answer: string[] }
  /** Peer ids of the peers in the mesh. */
  mesh: { input: { pubsubTopic: string }, answer: string[] }
  /** How many were accepted. */
  publish: { input: { count: number, size: number, pubsubTopic: string, contentTopic: string }, answer: number }
  close: { input: undefined, answer: undefined }
}

/** A node in a process of its own, whose memory is its alone, and which an unhandled rejection would end. */
export class NodeProcess {
  readonly peerId: string
  readonly address: string
  readonly #link: Link

  private constructor (link: Link, peerId: string, address: string) {
    this.#link = link
    this.peerId = peerId
    this.address = address
  }

  /** Starts a node; it is ended when the test ends. */
  static async start (options: NodeOptions = {}): Promise<NodeProcess> {
    const given = { host: '127.0.0.1', clusterId, shards: [shardId], ...options }
    const link = new Link(fork(fileURLToPath(new URL('node-process.mjs', import.meta.url)), [JSON.stringify(given)], { execArgv: ['--expose-gc'] }))
    const peerId = await link.answerTo(0) as string
    const [address] = await link.ask('addresses', undefined) as [string]
    return new NodeProcess(link, peerId, address)
  }

  async ask<K extends keyof Requests> (name: K, ...[input]: Requests[K]['input'] extends undefined ? [] : [Requests[K]['input']]): Promise<Requests[K]['answer']> {
    return await this.#link.ask(name, input) as Requests[K]['answer']
  }
}

class Link {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void, reject: (error: Error) => void }>()
  #nextSeq = 1
  #exit: Error | undefined

  constructor (child: ChildProcess) {
    this.#child = child
    child.on('message', ({ seq, answer }: { seq: number, answer: unknown }) => {
      this.#waiting.get(seq)?.resolve(answer)
      this.#waiting.delete(seq)
    })
    child.on('exit', (code, signal) => {
      this.#exit = new Error(`the process ended with ${signal ?? code ?? 'nothing'}`)
      for (const { reject } of this.#waiting.values()) reject(this.#exit)
    })
    onTestFinished(() => { child.kill('SIGKILL') })
  }

  async ask (name: string, input: unknown): Promise<unknown> {
    if (this.#exit !== undefined) throw this.#exit
    const seq = this.#nextSeq++
    this.#child.send({ seq, name, input })
    return await this.answerTo(seq)
  }

  async answerTo (seq: number): Promise<unknown> {
    return await new Promise((resolve, reject) => { this.#waiting.set(seq, { resolve, reject }) })
  }
}
