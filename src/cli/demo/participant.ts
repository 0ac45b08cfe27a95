import { createNode, isWakuError, type MessageHash, type NodeOptions, type WakuMessage, type WakuNode } from '../../index.js'
import { until } from '../until.js'

/** How long a participant waits for anything, in milliseconds. */
const patienceMs = 15_000

/** A message that has come. */
export interface Arrival {
  readonly message: WakuMessage
  /** On the clock of `performance.now`. */
  readonly at: number
}

/** Somebody in the demo: a name, a node, and what has reached it. */
export class Participant {
  readonly name: string
  readonly node: WakuNode
  readonly #arrivals = new Map<string, Arrival>()

  private constructor (name: string, node: WakuNode) {
    this.name = name
    this.node = node
  }

  /** Makes a participant that listens on loopback only and notes what it hears on a content topic. */
  static async make (name: string, contentTopic: string, options: NodeOptions): Promise<Participant> {
    const participant = new Participant(name, await createNode({ host: '127.0.0.1', port: 0, ...options }))
    await participant.node.subscribe({ contentTopics: [contentTopic] }, ({ messageHash, message }) => {
      participant.#arrivals.set(messageHash, { message, at: performance.now() })
    })
    return participant
  }

  /** The address others connect to. */
  async address (): Promise<string> {
    const [address] = await this.node.getListenAddresses()
    if (address === undefined) throw new Error(`${this.name}'s node listens nowhere`)
    return address
  }

  /** Waits until this and another participant exchange messages on a pubsub topic. */
  async untilInMeshWith (other: Participant, pubsubTopic: string, signal: AbortSignal): Promise<void> {
    await patiently(`${this.name} and ${other.name} to share a mesh`, signal, async () => {
      const [mine, theirs] = await Promise.all([this.node.getPeersInMesh(pubsubTopic), other.node.getPeersInMesh(pubsubTopic)])
      return (mine.includes(other.node.peerId) && theirs.includes(this.node.peerId)) || undefined
    })
  }

  /** Waits until this and another participant are connected. */
  async untilConnectedTo (other: Participant, signal: AbortSignal): Promise<void> {
    await patiently(`${this.name} and ${other.name} to be connected`, signal, async () => {
      const isThere = async (node: WakuNode, peerId: string): Promise<boolean> => (await node.getPeers()).some((peer) => peer.peerId === peerId && peer.state === 'Connected')
      return (await isThere(this.node, other.node.peerId) && await isThere(other.node, this.node.peerId)) || undefined
    })
  }

  /** Publishes a text as soon as somebody takes it. */
  async say (contentTopic: string, text: string, signal: AbortSignal): Promise<MessageHash> {
    return await patiently(`somebody to take what ${this.name} says`, signal, async () => {
      try {
        return await this.node.publish({ contentTopic, payload: new TextEncoder().encode(text) }, { signal })
      } catch (error) {
        if (!isWakuError(error, 'WAKU_NO_PEERS')) throw error
        return undefined
      }
    })
  }

  /** Waits for a message. */
  async untilReached (messageHash: string, signal: AbortSignal): Promise<Arrival> {
    return await patiently(`a message to reach ${this.name}`, signal, async () => this.#arrivals.get(messageHash))
  }
}

async function patiently<T> (what: string, signal: AbortSignal, look: () => Promise<T | undefined>): Promise<T> {
  const seen = await until(look, patienceMs, signal)
  if (seen === undefined) throw new Error(`waited ${patienceMs / 1000} s for ${what}, in vain`)
  return seen
}
