// Hosts a node of libwaku without peers in the place of a backend. `ping` with `SIZE COUNT OPEN` has it publish; the event of each
// message that it publishes crosses to the application.
import '../../../src/polyfills.js'
import { randomBytes } from 'node:crypto'
import type { Backend } from '../../../src/backend.js'
import { openHostPort } from '../../../src/backends/process/host-port.js'
import { serveBackend } from '../../../src/backends/process/serve.js'
import { Arrivals, numbered } from './arrivals.js'
import { contentTopic, pubsubTopic, startEventSource } from './native-nodes.js'

const none = new Uint8Array()
// Any will do: nobody looks for doubles here.
const messageHash = `0x${'ab'.repeat(32)}` as const

serveBackend(openHostPort(), async (_, { libraryPath = '' }, events) => {
  const arrivals = new Arrivals()
  const publish = await startEventSource({ libraryPath, backend: 'libwaku', door: 'addon', isolation: 'in-process' }, (message) => {
    arrivals.add(message.payload)
    events.message({ message, pubsubTopic, messageHash })
  })
  return {
    name: 'libwaku',
    supports: {},
    start: async () => {},
    close: async () => {},
    getListenAddresses: async () => [],
    ping: async (script: string) => {
      const [sizeBytes = 0, count = 0, open = 0] = script.split(' ').map(Number)
      const filling = randomBytes(sizeBytes)
      const firstTimestamp = BigInt(Date.now()) * 1_000_000n
      arrivals.expect()
      for (let number = 0; number < count; number++) {
        if (number >= open) await arrivals.until(number - open + 1)
        // It reaches nobody, which is an error.
        publish({ payload: numbered(filling, number), contentTopic, version: 0, timestamp: firstTimestamp + BigInt(number), ephemeral: false, meta: none, proof: none }).catch(() => {})
      }
      await arrivals.until(count)
      return arrivals.count
    }
  } as unknown as Backend
})
