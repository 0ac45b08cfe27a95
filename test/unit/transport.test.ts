import '../../src/polyfills.js'
import { MemoryDatastore } from 'datastore-core'
import { uPnPNAT } from '@libp2p/upnp-nat'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeLibp2p } from '../../src/backends/js/transport.js'
import { resolveOptions } from '../../src/config.js'
import type { NatTraversalOptions } from '../../src/options.js'

const upnp = { start: vi.fn(), stop: vi.fn() }

// Searching for a gateway would send beyond this machine.
vi.mock('@libp2p/upnp-nat', () => ({ uPnPNAT: vi.fn() }))

beforeEach(() => { vi.mocked(uPnPNAT).mockReturnValue((() => upnp) as unknown as ReturnType<typeof uPnPNAT>) })
afterEach(() => { vi.clearAllMocks() })

const switches = ['autonat', 'circuitRelay', 'holePunching', 'upnp'] as const
const combinations = Array.from({ length: 16 }, (_, bits) => Object.fromEntries(switches.map((name, index) => [name, (bits >> index & 1) === 1])))

test.each(combinations)('a node starts with %j', async (natTraversal: NatTraversalOptions) => {
  const node = await makeLibp2p(resolveOptions({ host: '127.0.0.1', shards: [1], natTraversal }), new MemoryDatastore())
  await node.start()
  const protocols = node.getProtocols()
  await node.stop()
  expect(protocols.includes('/libp2p/autonat/1.0.0')).toBe(natTraversal.autonat)
  expect(protocols.includes('/libp2p/dcutr')).toBe(natTraversal.holePunching)
  expect(protocols.includes('/libp2p/circuit/relay/0.2.0/stop')).toBe(natTraversal.circuitRelay === true || natTraversal.holePunching === true)
  expect(upnp.start.mock.calls.length).toBe(natTraversal.upnp === true ? 1 : 0)
})

test('an address that UPnP maps is confirmed by AutoNAT where that is on, and by itself where it is not', async () => {
  for (const autonat of [true, false]) {
    await makeLibp2p(resolveOptions({ host: '127.0.0.1', shards: [1], natTraversal: { autonat, upnp: true } }), new MemoryDatastore())
    expect(uPnPNAT).toHaveBeenLastCalledWith({ autoConfirmAddress: !autonat })
  }
})
