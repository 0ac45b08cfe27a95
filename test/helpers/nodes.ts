import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { NodeOptions, WakuNode } from 'nwaku-desktop'
import { until } from './until.js'

/** Where nodes of the tests meet unless told otherwise. */
export const clusterId = 16
export const shardId = 32
export const pubsubTopic = `/waku/2/rs/${clusterId}/${shardId}`

/** The options of a node that uses autosharding. */
export const autosharded: NodeOptions = { clusterId, shards: undefined, numShardsInCluster: 8 }

/** Makes nodes and closes them when their time is over. */
export class Nodes {
  readonly #createNode: (options: NodeOptions) => Promise<WakuNode>
  readonly #open: WakuNode[] = []

  constructor (createNode: (options: NodeOptions) => Promise<WakuNode>) {
    this.#createNode = createNode
  }

  /** Makes a node that is not started. */
  async create (options: NodeOptions = {}): Promise<WakuNode> {
    const node = await this.#createNode({ clusterId, shards: [shardId], ...options })
    this.#open.push(node)
    return node
  }

  /** Makes and starts a node. */
  async start (options: NodeOptions = {}): Promise<WakuNode> {
    const node = await this.create(options)
    await node.start()
    return node
  }

  /** Makes two nodes that are connected and have each other in the mesh of every topic. */
  async startPair (options: NodeOptions = {}, otherOptions: NodeOptions = options): Promise<[WakuNode, WakuNode]> {
    const [node, other] = await Promise.all([this.start(options), this.start(otherOptions)])
    await connect(node, other)
    return [node, other]
  }

  async closeAll (): Promise<void> {
    await Promise.all(this.#open.splice(0).map(async (node) => await node.close()))
  }
}

/** Makes nodes for single tests: they are closed after each. */
export function useNodes (createNode: (options: NodeOptions) => Promise<WakuNode>): Nodes {
  const nodes = new Nodes(createNode)
  afterEach(async () => await nodes.closeAll())
  return nodes
}

/** Makes nodes that all tests of a block share. @returns what `make` returned; to be read inside tests only. */
export function useShared<T> (createNode: (options: NodeOptions) => Promise<WakuNode>, make: (nodes: Nodes) => Promise<T>): () => T {
  const nodes = new Nodes(createNode)
  let made: { readonly value: T } | undefined
  beforeAll(async () => { made = { value: await make(nodes) } })
  afterAll(async () => await nodes.closeAll())
  return () => {
    if (made === undefined) throw new Error('read before the tests run')
    return made.value
  }
}

/** Returns an address at which a started node is reached. */
export async function addressOf (node: WakuNode): Promise<string> {
  const [address] = await node.getListenAddresses()
  if (address === undefined) throw new Error('the node listens nowhere')
  return address
}

/** Dials one node from the other and waits until they are in each other's meshes. */
export async function connect (node: WakuNode, other: WakuNode): Promise<void> {
  await node.dial(await addressOf(other))
  await untilMeshed(node, other)
}

/** Waits until two nodes have each other in the mesh of every topic they share. */
export async function untilMeshed (node: WakuNode, other: WakuNode): Promise<void> {
  const topics = node.getPubsubTopics().filter((topic) => other.getPubsubTopics().includes(topic))
  await until(async () => {
    for (const topic of topics) {
      expect(await node.getPeersInMesh(topic)).toContain(other.peerId)
      expect(await other.getPeersInMesh(topic)).toContain(node.peerId)
    }
  })
}
