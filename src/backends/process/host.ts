import '../../polyfills.js'
import { JsBackend } from '../js/backend.js'
import { serveBackend } from './serve.js'

// The entry of a child process in which the JS backend runs.

serveBackend(async (config, events) => new JsBackend(config, events))
