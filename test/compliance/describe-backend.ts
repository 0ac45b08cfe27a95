import { describe } from 'vitest'
import type { BackendUnderTest } from './backend-under-test.js'
import { describeLifecycle } from './lifecycle.js'
import { describeRelay } from './relay.js'
import { describeSubscribe } from './subscribe.js'
import { describeTopics } from './topics.js'

/** Registers the whole suite for a backend. */
export function describeBackend (backend: BackendUnderTest): void {
  describe(`a node with ${backend.name}`, async () => {
    const probe = await backend.createNode({ store: {} })
    const probed = { ...backend, supports: probe.supports }
    await probe.close()

    describeLifecycle(probed)
    describeTopics(probed)
    describeRelay(probed)
    describeSubscribe(probed)
  })
}
