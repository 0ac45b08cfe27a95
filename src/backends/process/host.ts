import '../../polyfills.js'
import { JsBackend } from '../js/backend.js'
import { openHostPort } from './host-port.js'
import { serveBackend } from './serve.js'

// The entry of the child process, and the one place that names the backends it can host.

serveBackend(openHostPort(), async (name, config, events) => {
  switch (name) {
    case 'js': return new JsBackend(config, events)
    case 'libwaku': throw new Error('not hosted yet')
  }
})
