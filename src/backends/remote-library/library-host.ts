import '../../polyfills.js'
import { loadBridge } from '../libwaku/drivers/load.js'
import { serveBridge } from './serve-bridge.js'

// The entry of a child process in which the library runs, and nothing else.

serveBridge((room) => loadBridge({ room }))
