import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'

/** Derives the base58 peer id of a node from its key, 64 hex digits. */
export function peerIdOfNodeKey (nodeKey: string): string {
  return peerIdFromPrivateKey(privateKeyFromRaw(Buffer.from(nodeKey, 'hex'))).toString()
}
