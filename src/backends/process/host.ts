import '../../polyfills.js'
import { peerIdOfNode } from '../../identity.js'
import { JsBackend } from '../js/backend.js'
import { LibwakuBackend } from '../libwaku/backend.js'
import { openLibrary } from '../libwaku/open-library.js'
import { openHostPort } from './host-port.js'
import { serveBackend } from './serve.js'

// The entry of the child process, and the one place that names the backends it can host.

serveBackend(openHostPort(), async (name, config, events) => {
  switch (name) {
    case 'js': return new JsBackend(config, events)
    case 'libwaku': return new LibwakuBackend(config, peerIdOfNode(config), events, await openLibrary(config.libraryPath))
  }
})
