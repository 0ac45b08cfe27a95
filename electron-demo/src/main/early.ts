import { registerRendererScheme } from './renderer-protocol.js'

// Loaded with `-r` when the app is run from source: what loads it there may take until Chromium is ready, and that is too late.
registerRendererScheme()
