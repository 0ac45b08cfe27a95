import { expect, test } from 'vitest'
import { createNode, type NodeOptions } from 'nwaku-desktop'
import { expectRejection } from '../helpers/expect-rejection.js'

test('an unknown backend is refused', async () => {
  await expectRejection(createNode({ backend: 'rust' } as unknown as NodeOptions), 'WAKU_INVALID_ARGUMENT', { argument: 'options.backend' })
})

test('options that are no object are refused', async () => {
  for (const options of [null, 'text', 7, [], () => {}]) {
    await expectRejection(createNode(options as unknown as NodeOptions), 'WAKU_INVALID_ARGUMENT', { argument: 'options' })
  }
})

test('without options a node has a backend and all shards of cluster 0', async () => {
  await using node = await createNode()
  expect(['js', 'libwaku']).toContain(node.backend)
  expect(node.getPubsubTopics().length).toBe(8)
})
