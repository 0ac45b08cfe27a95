import type { SignableENR } from '@chainsafe/enr'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { NodeConfig } from './config.js'
import { parsePubsubTopic } from './topics.js'

/** Fewer shards than this are listed, more are a bitmap (LIP 31). */
const maxListedShards = 63

/** The code of the last part of a multiaddr, the peer id, which a record has elsewhere. */
const p2pCode = 421

/** Writes a node's record (LIPs 31, 33): its key, its first TCP address, further addresses, capabilities and shards. */
export async function makeEnr (config: NodeConfig, addresses: readonly Multiaddr[], pubsubTopics: readonly string[]): Promise<string> {
  // Loaded when it is asked for: the library brings an older libp2p with it.
  const { SignableENR } = await import('@chainsafe/enr')
  const enr = SignableENR.createV4(Buffer.from(config.nodeKey, 'hex'))
  const direct = addresses.map((address) => address.decapsulateCode(p2pCode)).filter((address) => !address.toString().includes('p2p-circuit'))
  const tcp = direct.map((address) => /^\/ip4\/([\d.]+)\/tcp\/(\d+)$/.exec(address.toString())).find((match) => match !== null)
  if (tcp !== undefined) {
    enr.set('ip', Uint8Array.from((tcp[1] as string).split('.').map(Number)))
    enr.set('tcp', uint16(Number(tcp[2])))
  }
  enr.set('waku2', Uint8Array.of((config.relay ? 1 : 0) | (config.store !== undefined ? 2 : 0)))
  enr.set(...shardField(config.clusterId, pubsubTopics.map((topic) => parsePubsubTopic(topic).shardId)))
  return withMultiaddrs(enr, direct.filter((address) => address.toString() !== tcp?.[0]))
}

function shardField (clusterId: number, shards: readonly number[]): [key: string, value: Uint8Array] {
  if (shards.length <= maxListedShards) {
    return ['rs', Buffer.concat([uint16(clusterId), Uint8Array.of(shards.length), ...[...shards].sort((a, b) => a - b).map(uint16)])]
  }
  const bitmap = new Uint8Array(128)
  for (const shardId of shards) bitmap[shardId >> 3] = (bitmap[shardId >> 3] as number) | 1 << (shardId & 7)
  return ['rsv', Buffer.concat([uint16(clusterId), bitmap])]
}

/** Encodes a record with as many further addresses as it has room for. */
function withMultiaddrs (enr: SignableENR, addresses: readonly Multiaddr[]): string {
  for (let count = addresses.length; count > 0; count--) {
    enr.set('multiaddrs', Buffer.concat(addresses.slice(0, count).flatMap(({ bytes }) => [uint16(bytes.byteLength), bytes])))
    try {
      return enr.encodeTxt()
    } catch {
      // Longer than the 300 bytes that a record may have.
    }
  }
  enr.delete('multiaddrs')
  return enr.encodeTxt()
}

function uint16 (value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 255)
}
