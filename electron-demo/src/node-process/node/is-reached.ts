import type { WakuNode } from 'nwaku-desktop'

/** How long a peer may take to show that it is still there, in milliseconds. */
const pingTimeoutMs = 2000

/**
 * Tells whether all of a node's connections carry something still, as they may not after a sleep.
 *
 * @param mayBeAlone - whether a node without peers is as it should be, as the host of a local network is at first.
 */
export async function isReached (node: WakuNode, mayBeAlone: boolean): Promise<boolean> {
  try {
    const peers = (await node.getPeers()).filter(({ state }) => state === 'Connected')
    if (peers.length === 0) return mayBeAlone
    await Promise.all(peers.map(async ({ peerId }) => await node.ping(peerId, { timeoutMs: pingTimeoutMs })))
    return true
  } catch {
    return false
  }
}
