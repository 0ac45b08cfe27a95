import { expect, test } from 'vitest'
import * as api from 'nwaku-desktop'

test('the package exports these values and no others', () => {
  expect(Object.keys(api).sort()).toEqual([
    'Subscription',
    'WakuError',
    'WakuNode',
    'createNode',
    'defaultPageSize',
    'isMessageHash',
    'isWakuError',
    'maxContentTopicsPerQuery',
    'maxMessageSizeBytes',
    'maxMetaBytes',
    'maxPageSize',
    'messageFromJson',
    'messageHash',
    'messageToJson',
    'parseContentTopic',
    'parsePubsubTopic',
    'protocolIds',
    'pubsubTopicOfShard',
    'shardOfContentTopic',
    'wakuErrorFromJson'
  ])
})

test('a node has these methods and no others', () => {
  // What emits is protected.
  const own = Object.getOwnPropertyNames(api.WakuNode.prototype).filter((name) => !['constructor', 'emit'].includes(name))
  expect(own.sort()).toEqual([
    'close', 'dial', 'disconnect', 'getConnectionStatus', 'getEnr', 'getListenAddresses', 'getMetrics', 'getPeers', 'getPeersInMesh', 'getPubsubTopics',
    'getTopicHealth', 'getVersion', 'pid', 'ping', 'publish', 'queryPresence', 'queryStore', 'queryStoreAll', 'start', 'status', 'stop', 'subscribe'
  ])
})
