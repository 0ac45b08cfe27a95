import { setTimeout as delay } from 'node:timers/promises'
import { PeerProcess } from './peer-process.js'
import type { PublishParams, Received } from './peer-protocol.js'

const meshTimeoutMs = 30_000

/** Two nodes, each in a process of its own and in the other's mesh: one publishes, one listens. */
export class RelayPair {
  readonly #publisher: PeerProcess
  readonly #subscriber: PeerProcess

  private constructor (publisher: PeerProcess, subscriber: PeerProcess) {
    this.#publisher = publisher
    this.#subscriber = subscriber
  }

  /** Starts two nodes of a program and resolves once messages can flow. */
  static async start (program: string): Promise<RelayPair> {
    const { peer: subscriber, address } = await PeerProcess.start(program)
    try {
      await subscriber.request('subscribe', {})
      const { peer: publisher } = await PeerProcess.start(program)
      const pair = new RelayPair(publisher, subscriber)
      try {
        await publisher.request('dial', { address })
        await untilInMesh(publisher, subscriber)
        return pair
      } catch (error) {
        await publisher.close()
        throw error
      }
    } catch (error) {
      await subscriber.close()
      throw error
    }
  }

  /** Publishes messages and resolves with what came in at the other end. */
  async transfer (params: PublishParams, { latencies = false } = {}): Promise<Received> {
    await this.#subscriber.request('expect', { count: params.count, latencies })
    const received = this.#subscriber.request('receive', {})
    const published = this.#publisher.request('publish', params)
    await Promise.all([received, published])
    return await received
  }

  /** Closes both nodes and ends their processes. */
  async close (): Promise<void> {
    await Promise.all([this.#publisher.close(), this.#subscriber.close()])
  }
}

/** Resolves once each of some nodes has a peer in its mesh, since before that a message reaches nobody. */
export async function untilInMesh (...peers: readonly PeerProcess[]): Promise<void> {
  const deadline = performance.now() + meshTimeoutMs
  for (const peer of peers) {
    while (await peer.request('getMeshSize', {}) === 0) {
      if (performance.now() > deadline) throw new Error(`no mesh has formed within ${meshTimeoutMs} ms`)
      await delay(20)
    }
  }
}

/** Throws when a transfer has lost or doubled a message: a rate without them would not mean anything. */
export function assertComplete ({ distinct, doubled }: Received, count: number): void {
  if (distinct !== count || doubled !== 0) throw new Error(`of ${count} messages ${count - distinct} were lost and ${doubled} came twice`)
}
