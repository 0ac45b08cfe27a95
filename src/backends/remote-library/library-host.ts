import '../../polyfills.js'
import { loadBridge } from '../libwaku/drivers/load.js'
import { serveBridge } from './serve-bridge.js'

// The entry of a child process in which the library runs, and nothing else.

/** How long a flood is gathered, in milliseconds: to wake another process costs more than to wake an event loop. */
const floodMs = 6

serveBridge((room) => loadBridge({ floodMs, room }))
