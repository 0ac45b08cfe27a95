import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createNode } from 'nwaku-desktop'
import { expect, test } from 'vitest'
import { freshContentTopic, textMessage } from '../helpers/messages.js'
import { clusterId, connect, pubsubTopic, shardId, useNodes } from '../helpers/nodes.js'
import { until } from '../helpers/until.js'

const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', ...options }))

// What benchmarks compare with brings js-waku along; it is not installed for this test alone.
const baseline = fileURLToPath(new URL('../bench/baseline/', import.meta.url))
const isInstalled = existsSync(`${baseline}node_modules/@waku/sdk`)
if (!isInstalled) console.warn('js-waku is not installed, so its interop test is skipped: `npm run bench` installs it into test/bench/baseline')

test.skipIf(!isInstalled)('a light node of js-waku, over WebSocket, finds every message of a store and learns cluster and shards', async () => {
  const store = await nodes.start({ store: {}, websocketPort: 0 })
  const publisher = await nodes.start()
  await connect(publisher, store)
  const contentTopic = freshContentTopic('interop')
  const texts = Array.from({ length: 30 }, (_, index) => `message ${index}`)
  for (const text of texts) await publisher.publish(textMessage(contentTopic, text), { pubsubTopic })
  await until(async () => expect((await store.queryStore({ contentTopics: [contentTopic], pubsubTopic, paginationLimit: 100 }, { peer: store.peerId })).messages).toHaveLength(texts.length))

  const [, address] = await store.getListenAddresses()
  const { stdout } = await promisify(execFile)(process.execPath, [`${baseline}light-node.mjs`, address as string, contentTopic, `${clusterId}`, `${shardId}`], { timeout: 25_000 })
  const found = JSON.parse(stdout) as { texts: string[], shardInfo: unknown, isConnected: boolean }
  expect({ ...found, texts: found.texts.sort() }).toEqual({ texts: texts.sort(), shardInfo: { clusterId, shards: [shardId] }, isConnected: true })
})
