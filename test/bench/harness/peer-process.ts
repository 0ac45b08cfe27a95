import { spawn, type ChildProcess } from 'node:child_process'
import type { Listening, PeerAnswer, PeerOptions, PeerVerbs } from './peer-protocol.js'

interface Pending { readonly resolve: (result: unknown) => void, readonly reject: (error: Error) => void }

const startTimeoutMs = 60_000
const requestTimeoutMs = 300_000
const closeTimeoutMs = 5000

/** A node that has started, and what starting it took. */
export interface StartedPeer {
  readonly peer: PeerProcess
  /** Multiaddr with the peer id. */
  readonly address: string
  /** From the spawn of the process until the node listens. */
  readonly startMs: number
}

/** One node in a process of its own, driven over the channel between the processes (`run-peer.mjs` is the other end). */
export class PeerProcess {
  readonly #child: ChildProcess
  readonly #pending = new Map<number, Pending>()
  readonly #ended: Promise<void>
  #errorOutput = ''
  #failure: Error | undefined
  #nextId = 0

  private constructor (program: string, options: PeerOptions) {
    const child = spawn(process.execPath, ['--expose-gc', program, JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.#errorOutput = (this.#errorOutput + text).slice(-2000) })
    child.on('message', (message) => { this.#settle(message as PeerAnswer) })
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => { this.#fail(error); resolve() })
      child.once('close', (code, signal) => {
        this.#fail(new Error(`${program} ended with ${signal ?? `code ${String(code)}`}: ${this.#errorOutput}`))
        resolve()
      })
    })
    this.#child = child
  }

  /** Starts a program and resolves once its node listens. */
  static async start (program: string, options: PeerOptions = {}): Promise<StartedPeer> {
    const spawnedNs = process.hrtime.bigint()
    const peer = new PeerProcess(program, options)
    try {
      const { atNs, addresses: [address] } = await peer.#answer(startTimeoutMs) as Listening
      if (address === undefined) throw new Error(`${program} listens on no address`)
      return { peer, address, startMs: Number(BigInt(atNs) - spawnedNs) / 1e6 }
    } catch (error) {
      await peer.close()
      throw error
    }
  }

  /** Has the node do something, and resolves with what came of it. */
  async request<V extends keyof PeerVerbs> (verb: V, params: Parameters<PeerVerbs[V]>[0]): Promise<ReturnType<PeerVerbs[V]>> {
    if (this.#failure !== undefined) throw this.#failure
    const id = this.#nextId
    const answer = this.#answer(requestTimeoutMs)
    this.#child.send({ id, verb, params }, (error) => { if (error !== null) this.#fail(error) })
    return await (answer as Promise<ReturnType<PeerVerbs[V]>>)
  }

  /** Closes the node and ends the process, by force if that takes over 5 s. */
  async close (): Promise<void> {
    // Disconnecting here instead would keep Node from emitting `close`.
    if (this.#child.connected) this.#child.send({ verb: 'close' }, () => {})
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), closeTimeoutMs)
    await this.#ended
    clearTimeout(timer)
  }

  async #answer (timeoutMs: number): Promise<unknown> {
    const id = this.#nextId++
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject })
        timer = setTimeout(() => { reject(new Error(`a node has not answered within ${timeoutMs} ms: ${this.#errorOutput}`)) }, timeoutMs)
      })
    } finally {
      clearTimeout(timer)
      this.#pending.delete(id)
    }
  }

  #settle (answer: PeerAnswer): void {
    const pending = this.#pending.get(answer.id)
    if ('error' in answer) pending?.reject(new Error(answer.error))
    else pending?.resolve(answer.result)
  }

  #fail (error: Error): void {
    this.#failure ??= error
    for (const { reject } of this.#pending.values()) reject(error)
  }
}
