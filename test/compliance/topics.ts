import { describe, expect, test } from 'vitest'
import { pubsubTopicOfShard, shardOfContentTopic } from 'nwaku-desktop'
import { expectRejection } from '../helpers/expect-rejection.js'
import { freshContentTopic, textMessage } from '../helpers/messages.js'
import { autosharded, clusterId, pubsubTopic, useNodes, useShared } from '../helpers/nodes.js'
import type { ProbedBackend } from './backend-under-test.js'

const malformedPubsubTopics = ['', 'waku', '/waku/2/default-waku/proto', '/waku/2/rs/16', '/waku/2/rs/16/1024', '/waku/2/rs/65536/1', '/waku/2/rs/16/032', '/waku/2/rs/16/-1', '/waku/2/rs/16/32/', ' /waku/2/rs/16/32']
const malformedContentTopics = ['', 'app/1/topic/proto', '/app/1/topic', '/app/1/topic/', '//1/topic/proto', '/1/app/1/topic/proto', '/x/app/1/topic/proto', '/0/app/1/topic/proto/more', '/app/1/\ud800/proto']

/** Which topics a node takes and takes part in. */
export function describeTopics ({ createNode, supports }: ProbedBackend): void {
  describe('topics', () => {
    const nodes = useNodes(createNode)
    const shared = useShared(createNode, async (own) => ({ fixed: await own.start(), automatic: await own.start(autosharded) }))

    test('a node takes part in the shards it was given', async () => {
      const node = await nodes.create({ shards: [1, 2, 2] })
      expect(node.getPubsubTopics()).toEqual([pubsubTopicOfShard(clusterId, 1), pubsubTopicOfShard(clusterId, 2)])
    })

    test('a node that is told no shards takes part in all eight of autosharding', async () => {
      const node = await nodes.create({ shards: undefined })
      expect(node.getPubsubTopics()).toEqual(Array.from({ length: 8 }, (_, shard) => pubsubTopicOfShard(clusterId, shard)))
    })

    test('a node with autosharding and a choice of shards takes part in these alone', async () => {
      const node = await nodes.create({ shards: [3], numShardsInCluster: 8 })
      expect(node.getPubsubTopics()).toEqual([pubsubTopicOfShard(clusterId, 3)])
    })

    test('a node without relay takes part in no shard', async () => {
      const node = await nodes.create({ relay: false })
      expect(node.getPubsubTopics()).toEqual([])
    })

    test('subscribing joins a pubsub topic, and the last unsubscribe leaves it', async () => {
      const { fixed } = shared()
      const topic = pubsubTopicOfShard(clusterId, 77)
      const first = await fixed.subscribe({ pubsubTopic: topic })
      const second = await fixed.subscribe({ pubsubTopic: topic })
      expect(fixed.getPubsubTopics()).toContain(topic)
      await first.unsubscribe()
      expect(fixed.getPubsubTopics()).toContain(topic)
      await second.unsubscribe()
      expect(fixed.getPubsubTopics()).not.toContain(topic)
    })

    test.runIf(supports.unsubscribe)('a topic that was left can be joined again', async () => {
      const { fixed } = shared()
      const topic = pubsubTopicOfShard(clusterId, 78)
      await (await fixed.subscribe({ pubsubTopic: topic })).unsubscribe()
      await using subscription = await fixed.subscribe({ pubsubTopic: topic })
      expect(subscription.pubsubTopics).toEqual([topic])
      expect(fixed.getPubsubTopics()).toContain(topic)
    })

    test('a subscription to several content topics is on the shard of each', async () => {
      const contentTopics = ['/toychat/2/huilong/proto', '/statusim/1/community/cbor', '/toychat/2/other/proto']
      await using subscription = await shared().automatic.subscribe({ contentTopics })
      expect(subscription.pubsubTopics).toEqual([3, 4].map((shard) => pubsubTopicOfShard(clusterId, shard)))
    })

    test('a content topic with a leading generation 0 is on the shard of the one without', async () => {
      await using subscription = await shared().automatic.subscribe({ contentTopics: ['/0/toychat/2/huilong/proto'] })
      expect(subscription.pubsubTopics).toEqual([pubsubTopicOfShard(clusterId, 3)])
      expect(shardOfContentTopic('/0/toychat/2/huilong/proto', 8)).toBe(3)
    })

    test.each(malformedPubsubTopics)('the malformed pubsub topic %j is refused everywhere', async (topic) => {
      const { fixed } = shared()
      const details = { argument: 'pubsubTopic' }
      await expectRejection(fixed.subscribe({ pubsubTopic: topic }), 'WAKU_INVALID_ARGUMENT', details)
      await expectRejection(fixed.publish(textMessage(freshContentTopic(), ''), { pubsubTopic: topic }), 'WAKU_INVALID_ARGUMENT', details)
      await expectRejection(fixed.queryStore({ pubsubTopic: topic }), 'WAKU_INVALID_ARGUMENT', details)
      await expectRejection(fixed.getPeersInMesh(topic), 'WAKU_INVALID_ARGUMENT', details)
      await expectRejection(fixed.getTopicHealth(topic), 'WAKU_INVALID_ARGUMENT', details)
    })

    test('a pubsub topic of another cluster is refused everywhere', async () => {
      const { fixed } = shared()
      const topic = pubsubTopicOfShard(clusterId + 1, 32)
      const refused = [
        fixed.subscribe({ pubsubTopic: topic }),
        fixed.publish(textMessage(freshContentTopic(), ''), { pubsubTopic: topic }),
        fixed.queryStore({ pubsubTopic: topic }),
        fixed.getPeersInMesh(topic)
      ]
      for (const promise of refused) await expectRejection(promise, 'WAKU_INVALID_ARGUMENT', { argument: 'pubsubTopic' })
    })

    test.each(malformedContentTopics)('the malformed content topic %j is refused everywhere', async (contentTopic) => {
      const { fixed } = shared()
      await expectRejection(fixed.subscribe({ pubsubTopic, contentTopics: [contentTopic] }), 'WAKU_INVALID_ARGUMENT')
      await expectRejection(fixed.publish(textMessage(contentTopic, ''), { pubsubTopic }), 'WAKU_INVALID_ARGUMENT')
      await expectRejection(fixed.queryStore({ pubsubTopic, contentTopics: [contentTopic] }), 'WAKU_INVALID_ARGUMENT')
    })

    test('without autosharding a content topic alone names no topic', async () => {
      const { fixed } = shared()
      const contentTopic = freshContentTopic()
      await expectRejection(fixed.subscribe({ contentTopics: [contentTopic] }), 'WAKU_INVALID_ARGUMENT', { argument: 'pubsubTopic' })
      await expectRejection(fixed.publish(textMessage(contentTopic, '')), 'WAKU_INVALID_ARGUMENT', { argument: 'pubsubTopic' })
    })

    test('a subscription to nothing at all is refused', async () => {
      const { automatic } = shared()
      await expectRejection(automatic.subscribe({}), 'WAKU_INVALID_ARGUMENT', { argument: 'filter' })
      await expectRejection(automatic.subscribe({ contentTopics: [] }), 'WAKU_INVALID_ARGUMENT', { argument: 'filter.contentTopics' })
    })
  })
}
