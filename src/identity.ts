import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import type { Secp256k1PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { NodeConfig } from './config.js'

// For the few multiplications of a node's life. noble's own table is for thousands, and takes 20 ms to fill on first use.
secp256k1.Point.BASE.precompute(3)

// To derive one takes as long as much else of a start together.
const privateKeys = new WeakMap<NodeConfig, Secp256k1PrivateKey>()

/** The private key of a node. */
export function privateKeyOfNode (config: NodeConfig): Secp256k1PrivateKey {
  let privateKey = privateKeys.get(config)
  if (privateKey === undefined) {
    privateKey = privateKeyFromRaw(Buffer.from(config.nodeKey, 'hex')) as Secp256k1PrivateKey
    privateKeys.set(config, privateKey)
  }
  return privateKey
}

/** The base58 peer id of a node, which follows from its key. */
export function peerIdOfNode (config: NodeConfig): string {
  return peerIdFromPrivateKey(privateKeyOfNode(config)).toString()
}
