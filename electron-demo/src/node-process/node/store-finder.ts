import { protocolIds, type WakuNode } from 'nwaku-desktop'
import { ChatFailure } from '../chat-failure.js'

/** Asks the stores that are known, one after another, until one answers. */
export class StoreFinder {
  /** The peer id of the one that answered last. */
  lastPeer: string | null = null

  /**
   * @param ask - asks the store with this peer id.
   * @throws {ChatFailure} `CHAT_NO_STORE` when nobody is there to ask.
   * @throws what the last one failed with.
   */
  async ask<T> (node: WakuNode | undefined, ask: (node: WakuNode, peer: string) => Promise<T>): Promise<T> {
    const candidates = node === undefined ? [] : await this.#candidates(node)
    let failure: unknown = new ChatFailure('CHAT_NO_STORE', 'nobody who is connected keeps history')
    for (const peer of candidates) {
      if (node === undefined) break
      try {
        const answer = await ask(node, peer)
        this.lastPeer = peer
        return answer
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  /** The own store first: who has one keeps the history of its network. Then the one that answered last. */
  async #candidates (node: WakuNode): Promise<string[]> {
    const peers = await node.getPeers()
    const stores = peers.filter(({ state, protocols }) => state === 'Connected' && protocols.includes(protocolIds.store)).map(({ peerId }) => peerId)
    stores.sort((a, b) => Number(b === this.lastPeer) - Number(a === this.lastPeer))
    return node.supports.ownStore ? [node.peerId, ...stores] : stores
  }
}
