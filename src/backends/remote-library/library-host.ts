import '../../polyfills.js'
import { loadBridge } from '../libwaku/drivers/load.js'
import { serveBridge } from './serve-bridge.js'

// The entry of a child process in which the library runs, and nothing else.

/** How long what comes is gathered under load, in milliseconds: to wake another process costs more than to wake an event loop. */
const waitMs = 2

serveBridge((room) => loadBridge({ waitMs, room }))
