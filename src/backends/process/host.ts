import '../../polyfills.js'
import { JsBackend } from '../js/backend.js'
import { openHostPort } from './host-port.js'
import { serveBackend } from './serve.js'

// The entry of a child process in which the JS backend runs.

serveBackend(openHostPort(), async (config, events) => new JsBackend(config, events))
