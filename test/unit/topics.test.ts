import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWakuError } from '../../src/errors.js'
import { parseContentTopic, parsePubsubTopic, pubsubTopicOfShard, shardOfContentTopic } from '../../src/topics.js'
import table from '../fixtures/content-topic-shards.json' with { type: 'json' }
import { topicPart } from '../helpers/arbitraries.js'

const returnsOrRefuses = (run: () => unknown): void => {
  try {
    run()
  } catch (error) {
    if (!isWakuError(error, 'WAKU_INVALID_ARGUMENT')) throw error
  }
}

test.each(Object.entries(table.shards))('%s is on shard %i of eight', (contentTopic, shardId) => {
  expect(shardOfContentTopic(contentTopic, table.numShardsInCluster)).toBe(shardId)
})

test('the shard is the same with and without generation 0, whatever topic name and encoding are', () => {
  const parts = fc.tuple(topicPart, topicPart, topicPart, topicPart, topicPart, topicPart)
  fc.assert(fc.property(parts, fc.integer({ min: 1, max: 1024 }), ([application, version, name, encoding, name2, encoding2], count) => {
    const shardId = shardOfContentTopic(`/${application}/${version}/${name}/${encoding}`, count)
    expect(shardOfContentTopic(`/0/${application}/${version}/${name2}/${encoding2}`, count)).toBe(shardId)
    expect(shardId).toBeGreaterThanOrEqual(0)
    expect(shardId).toBeLessThan(count)
  }))
})

test('a content topic is split into the parts it was made of', () => {
  fc.assert(fc.property(topicPart, topicPart, topicPart, topicPart, (application, version, topicName, encoding) => {
    expect(parseContentTopic(`/${application}/${version}/${topicName}/${encoding}`)).toEqual({ generation: 0, application, version, topicName, encoding })
  }))
})

test('a pubsub topic is read as the cluster and shard it was written from', () => {
  fc.assert(fc.property(fc.nat({ max: 65535 }), fc.nat({ max: 1023 }), (clusterId, shardId) => {
    expect(parsePubsubTopic(pubsubTopicOfShard(clusterId, shardId))).toEqual({ clusterId, shardId })
  }))
})

test('any text is either a topic or an invalid argument', () => {
  const slashes = fc.array(fc.oneof(fc.constant('/'), fc.string({ unit: 'binary', maxLength: 5 }), fc.constant('waku'), fc.constant('rs'))).map((parts) => parts.join(''))
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), slashes, fc.anything()), (topic) => {
    returnsOrRefuses(() => parseContentTopic(topic as string))
    returnsOrRefuses(() => parsePubsubTopic(topic as string))
  }))
})

test.each([undefined, null, 7, {}, [], { toString: undefined }, Object.create(null), Symbol('topic')])('what is no text is refused as a topic: %o', (topic) => {
  for (const parse of [parseContentTopic, parsePubsubTopic]) {
    expect(() => parse(topic as string)).toThrow(expect.objectContaining({ code: 'WAKU_INVALID_ARGUMENT' }))
  }
})

test.each(['/waku/2/rs/65536/0', '/waku/2/rs/0/1024', '/waku/2/rs/01/0', '/waku/2/rs/0/-1', '/waku/2/rs/0', 'waku/2/rs/0/0', '/waku/2/rs/0/0/', '/waku/2/rs/0/0\n'])(
  'the pubsub topic %j is refused', (topic) => {
    expect(() => parsePubsubTopic(topic)).toThrow(expect.objectContaining({ code: 'WAKU_INVALID_ARGUMENT' }))
  })
