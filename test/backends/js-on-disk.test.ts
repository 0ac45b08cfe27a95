import { createNode } from 'nwaku-desktop'
import { describeBackend } from '../compliance/describe-backend.js'
import { temporaryFolder, temporaryStoreUrl } from '../helpers/temporary-store.js'

describeBackend({
  name: 'the JS backend, everything on disk and WebSocket beside TCP',
  createNode: async (options) => await createNode({
    host: '127.0.0.1',
    port: 0,
    websocketPort: 0,
    peerStorePath: temporaryFolder(),
    ...options,
    ...(typeof options.store === 'object' && { store: { url: temporaryStoreUrl(), ...options.store } }),
    backend: 'js'
  })
})
