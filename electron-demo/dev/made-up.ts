import type { ChatMessage, NodeState, Room, TrafficSample } from '../src/shared/ipc.js'

/** The time that all made-up things are about: some minutes ago. */
export const now = Date.now()

const minute = 60_000

let lastId = 0

/** Makes up a message. */
export function message (roomId: string, nick: string, text: string, more: Partial<ChatMessage> = {}): ChatMessage {
  const id = ++lastId
  const isOwn = more.isOwn ?? false
  return { id, roomId, nick, text, sentAt: now - minute, isOwn, state: isOwn ? 'stored' : 'received', error: null, messageHash: `0x${id.toString(16).padStart(64, '0')}`, clientId: null, ...more }
}

/** Makes up a room around its messages. */
export function room (id: string, messages: readonly ChatMessage[], more: Partial<Room> = {}): Room {
  return {
    id,
    contentTopic: `/nwaku-desktop-chat/1/${id}/json`,
    pubsubTopic: '/waku/2/rs/1/3',
    count: messages.length,
    unread: 0,
    firstUnreadIndex: null,
    draft: '',
    lastMessage: messages.at(-1) ?? null,
    history: { phase: 'idle', numFetched: 0, hasOlder: false, caughtUpAt: now - minute, error: null },
    ...more
  }
}

/** Makes up traffic of a minute. */
export function samples (scale: number): readonly TrafficSample[] {
  return Array.from({ length: 60 }, (_, i) => {
    const messagesIn = Math.round(scale * Math.max(0, 3 + 2.5 * Math.sin(i / 5) + 2 * Math.sin(i / 1.7)))
    const messagesOut = Math.round(scale * Math.max(0, 1 + Math.sin(i / 3)))
    return { at: now - (60 - i) * 1000, messagesIn, messagesOut, bytesIn: messagesIn * 212, bytesOut: messagesOut * 198 }
  })
}

const peerIds = ['16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bUZ', '16Uiu2HAkykgaECHswi3YKJ5dMLbq2kPVCo89fcyTd38UcQD6ej5W', '16Uiu2HAm3GnUDQhBfax298CMkZX9MBHTJ9B8GXhrbueozESUaRZP']
export const ownPeerId = '16Uiu2HAmVkKntsECaYfefR1V2yCR79CegLATuTPE6B9TxgxBiiiA'

/** Makes up a node that does well. */
export function nodeState (more: Partial<NodeState> = {}): NodeState {
  return {
    phase: 'online',
    error: null,
    offlineBy: null,
    backend: 'js',
    version: '0.1.0 (js-libp2p 3.3.11)',
    fallback: { code: 'WAKU_UNAVAILABLE', message: 'no libwaku', details: {} },
    peerId: ownPeerId,
    pid: 48_213,
    addresses: [`/ip4/127.0.0.1/tcp/53214/p2p/${ownPeerId}`, `/ip4/192.168.1.24/tcp/53214/p2p/${ownPeerId}`],
    enr: 'enr:-KO4QKTL7EYoH4VgTqYQ3gsUj0hTx2cYy0fEBIyW2rnDRC-tPdQGg2LVa9gNbFBGdpHLfeHTMHcD3sYVhQwfQzvIkZEBgmlkgnY0gmlwhH8AAAGKbXVsdGlhZGRyc4wACgR',
    clusterId: 16,
    peers: peerIds.map((peerId, i) => ({
      peerId,
      isConnected: i < 2,
      addresses: [`/ip4/192.168.1.${30 + i}/tcp/60000`],
      protocols: ['/vac/waku/relay/2.0.0', '/vac/waku/store-query/3.0.0', '/vac/waku/metadata/1.0.0', '/ipfs/ping/1.0.0', '/ipfs/id/1.0.0'],
      agent: i === 1 ? 'nwaku-v0.36.0' : 'nwaku-desktop/0.1.0',
      mesh: i < 2 ? ['/waku/2/rs/16/3'] : [],
      hasStore: i === 1
    })),
    shards: [
      { pubsubTopic: '/waku/2/rs/16/3', shardId: 3, health: 'MinimallyHealthy', numMeshPeers: 2, rooms: ['lobby', 'garden', 'release-0.2'] },
      { pubsubTopic: '/waku/2/rs/16/5', shardId: 5, health: 'Unhealthy', numMeshPeers: 0, rooms: [] }
    ],
    isHost: false,
    storePeer: peerIds[1] ?? null,
    lastCatchUp: { at: now - 8 * minute, reason: 'reconnect', numMessages: 42, tookMs: 318, storePeer: peerIds[1] ?? null },
    traffic: { messagesIn: 4211, messagesOut: 187, bytesIn: 1_204_522, bytesOut: 44_120, samples: samples(1) },
    numRestarts: 1,
    numPending: 0,
    startedAt: now - 97 * minute,
    ...more
  }
}
