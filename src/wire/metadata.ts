import { decode, encode, optional, repeated, schema } from './protobuf.js'

// nwaku writes the shards packed as field 3 and reads 3, then packed 2, then unpacked 2 (LIP 66).
const metadata = schema('WakuMetadata', {
  clusterId: optional(1, 'uint32'),
  shards: repeated(2, 'uint32', 1024),
  packedShards: repeated(3, 'uint32', 1024)
})

/** What a node says of itself on the metadata protocol. */
export interface Metadata {
  /** Absent means that the peer belongs to no cluster, and nwaku disconnects it. */
  readonly clusterId?: number | undefined
  readonly shards: readonly number[]
}

/** Encodes metadata for request and response alike (LIP 66); cluster 0 is written, because absent means none. */
export function encodeMetadata ({ clusterId, shards }: Metadata): Uint8Array {
  return encode(metadata, { clusterId, shards, packedShards: [] })
}

/** Decodes metadata. @throws {WakuError} `WAKU_MALFORMED_REPLY` */
export function decodeMetadata (bytes: Uint8Array): Metadata {
  const { clusterId, shards, packedShards } = decode(metadata, bytes)
  return { clusterId, shards: packedShards.length > 0 ? packedShards : shards }
}
