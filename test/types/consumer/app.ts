// An application as users write it; test/types/consumer.test.ts compiles it against the declarations that are published.
import {
  createNode, isWakuError, messageFromJson, messageHash, messageToJson, protocolIds, wakuErrorFromJson,
  type Capabilities, type ConnectionStatus, type MessageHash, type NodeOptions, type NodeStatus, type PeerInfo,
  type ReceivedMessage, type StoredMessage, type StorePage, type Subscription, type TopicHealth, type WakuMessage, type WakuNode
} from 'nwaku-desktop'

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false
function same<A, B> (..._: Same<A, B> extends true ? [] : ['these types differ']): void {}

export async function useNode (): Promise<void> {
  const options: NodeOptions = { clusterId: 16, shards: [32], store: {}, rateLimits: { store: '1/1s' }, logger: console }
  await using node = await createNode(options)
  same<typeof node, WakuNode>()
  same<typeof node.status, NodeStatus>()
  same<typeof node.supports, Readonly<Capabilities>>()

  const hash = await node.publish({ contentTopic: '/app/1/topic/proto', payload: new Uint8Array() }, { pubsubTopic: '/waku/2/rs/16/32', timeoutMs: 1, signal: AbortSignal.timeout(1) })
  same<typeof hash, MessageHash>()

  const subscription = await node.subscribe({ contentTopics: ['/app/1/topic/proto'] }, async ({ message }) => { same<typeof message, WakuMessage>() })
  same<typeof subscription, Subscription>()
  for await (const received of subscription) same<typeof received, ReceivedMessage>()

  const page = await node.queryStore({ timeStart: 1n, paginationCursor: hash })
  same<typeof page, StorePage>()
  for await (const stored of node.queryStoreAll()) same<typeof stored, StoredMessage>()
  same<Awaited<ReturnType<typeof node.queryPresence>>, ReadonlyMap<MessageHash, boolean>>()

  same<Awaited<ReturnType<typeof node.getPeers>>, readonly PeerInfo[]>()
  same<Awaited<ReturnType<typeof node.ping>>, number>()
  same<Awaited<ReturnType<typeof node.getTopicHealth>>, TopicHealth>()
  same<ReturnType<typeof node.getConnectionStatus>, ConnectionStatus>()

  const off = node.on('topic:health', ({ pubsubTopic, health }) => { same<[typeof pubsubTopic, typeof health], [string, TopicHealth]>() })
  same<typeof off, () => void>()
  node.once('status', async ({ status }) => { same<typeof status, NodeStatus>() })
}

export function readError (error: unknown): string {
  if (isWakuError(error, 'WAKU_STORE_FAILED')) {
    same<typeof error.details, { readonly statusCode: number, readonly statusDesc: string }>()
    return error.details.statusDesc
  }
  return isWakuError(error) ? wakuErrorFromJson(error.toJSON()).code : protocolIds.store
}

export function roundTrip (message: WakuMessage): MessageHash {
  const input = messageFromJson(messageToJson(message))
  same<typeof input.timestamp, bigint | undefined>()
  return messageHash('/waku/2/rs/16/32', message)
}

export async function misuse (node: WakuNode): Promise<void> {
  // @ts-expect-error an unknown option
  await createNode({ clusterID: 1 })
  // @ts-expect-error an unknown event
  node.on('mesage', () => {})
  // @ts-expect-error a timestamp that loses digits
  await node.publish({ contentTopic: '', payload: new Uint8Array(), timestamp: Date.now() })
  // @ts-expect-error a text for bytes
  await node.publish({ contentTopic: '', payload: 'text' })
  // @ts-expect-error a hash without 0x
  await node.queryPresence(['abcd'])
  // @ts-expect-error nodes are made by createNode
  node.supports = {}
  // @ts-expect-error emitting is the node's own affair
  node.emit('status', { status: 'closed', previous: 'closed' })
}
