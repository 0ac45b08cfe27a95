import type { Libp2p } from '@libp2p/interface'
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { onTestFinished } from 'vitest'

/** Starts a circuit relay that knows nothing of Waku. It is stopped when the test ends. */
export async function startCircuitRelay (): Promise<{ readonly libp2p: Libp2p, readonly address: string }> {
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), ping: ping(), relay: circuitRelayServer() }
  })
  onTestFinished(async () => await libp2p.stop())
  return { libp2p, address: (libp2p.getMultiaddrs()[0] as { toString (): string }).toString() }
}
