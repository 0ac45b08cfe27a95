import { describe } from 'vitest'
import type { BackendUnderTest } from './backend-under-test.js'
import { describeErrors } from './errors.js'
import { describeEvents } from './events.js'
import { describeInfo } from './info.js'
import { describeLifecycle } from './lifecycle.js'
import { describeOptions } from './options.js'
import { describePeers } from './peers.js'
import { describeProtectedShards } from './protected-shards.js'
import { describeRelay } from './relay.js'
import { describeStoreQueries } from './store-query.js'
import { describeStoreService } from './store-service.js'
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
    describeStoreQueries(probed)
    describeStoreService(probed)
    describePeers(probed)
    describeInfo(probed)
    describeEvents(probed)
    describeErrors(probed)
    describeOptions(probed)
    describeProtectedShards(probed)
  })
}
