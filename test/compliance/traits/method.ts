import type { WaitOptions, WakuNode } from 'nwaku-desktop'
import { freshContentTopic, textMessage } from '../../helpers/messages.js'
import { pubsubTopic } from '../../helpers/nodes.js'

/** A method of a node, as the traits call it. */
export interface Method {
  readonly name: string
  /** How errors call the operation. */
  readonly operation: string
  readonly call: (node: WakuNode, options: WaitOptions) => Promise<unknown>
}

/** A method that waits for a peer. */
export interface PeerMethod extends Method {
  readonly callPeer: (node: WakuNode, peer: string, options: WaitOptions) => Promise<unknown>
}

const hash = `0x${'ab'.repeat(32)}` as const
/** Where nobody listens. */
const nowhere = '/ip4/127.0.0.1/tcp/1/p2p/16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bUZ'

function peerMethod (name: string, operation: string, callPeer: PeerMethod['callPeer']): PeerMethod {
  return { name, operation, callPeer, call: async (node, options) => await callPeer(node, nowhere, options) }
}

/** The methods that ask a peer and wait for its answer. */
export const peerMethods: readonly PeerMethod[] = [
  peerMethod('dial', 'dial', async (node, peer, options) => await node.dial(peer, options)),
  peerMethod('ping', 'ping', async (node, peer, options) => await node.ping(peer, options)),
  peerMethod('queryStore', 'queryStore', async (node, peer, options) => await node.queryStore({}, { ...options, peer })),
  peerMethod('queryStoreAll', 'queryStore', async (node, peer, options) => await node.queryStoreAll({}, { ...options, peer }).next()),
  peerMethod('queryPresence', 'queryStore', async (node, peer, options) => await node.queryPresence([hash], { ...options, peer }))
]

/** The methods that take a signal and a deadline and need a started node. */
export const waitingMethods: readonly Method[] = [
  ...peerMethods,
  {
    name: 'publish',
    operation: 'publish',
    call: async (node, options) => await node.publish(textMessage(freshContentTopic(), 'trait'), { pubsubTopic, ...options })
  }
]

const local = (name: string, call: Method['call']): Method => ({ name, operation: name, call })

/** Every method that needs a started node. */
export const startedMethods: readonly Method[] = [
  ...waitingMethods,
  local('disconnect', async (node) => await node.disconnect(nowhere.slice(nowhere.lastIndexOf('/') + 1))),
  local('getPeers', async (node) => await node.getPeers()),
  local('getPeersInMesh', async (node) => await node.getPeersInMesh(pubsubTopic)),
  local('getTopicHealth', async (node) => await node.getTopicHealth(pubsubTopic)),
  local('getVersion', async (node) => await node.getVersion()),
  local('getListenAddresses', async (node) => await node.getListenAddresses()),
  local('getEnr', async (node) => await node.getEnr()),
  local('getMetrics', async (node) => await node.getMetrics())
]
