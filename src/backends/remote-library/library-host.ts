import '../../polyfills.js'
import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { served, type FrontDoor } from '../libwaku/drivers/bridge.js'
import { loadDoor } from '../libwaku/drivers/load.js'
import { refusal } from '../libwaku/drivers/refusal.js'
import { Application } from '../process/application.js'
import { plainError } from '../process/protocol.js'

// The entry of a child process in which the library runs, and nothing else. The bridge serves the application by itself: whatever were
// done here with a message would be done on every message.

/** How long nodes are given to leave the network when the application is gone, in milliseconds, and how often they are looked for. */
const closingTimeoutMs = 2000
const pollIntervalMs = 20

const application = new Application()

function serve (): void {
  const door = loadDoor()
  const descriptor = door.serve(application.socketPath)
  if (descriptor < 0) throw refusal(descriptor, { operation: 'serve', path: application.socketPath, text: 'no socket can be made there' })
  process.on('exit', () => door.processEnds())
  new Socket({ fd: descriptor, readable: true, writable: false })
    .setEncoding('latin1')
    .on('data', (told: string) => {
      if (told.includes(served.connected)) application.connected()
      if (told.includes(served.nothingWanted)) process.exit()
    })
    .on('error', () => {})
    .on('close', () => { void end(door) })
  application.tell({ door: door.name })
}

/** Waits, within bounds, until the nodes have left the network, and ends the process. */
async function end (door: FrontDoor): Promise<void> {
  const numNodes = (): number => door.stats()?.[0] ?? 0
  for (let left = closingTimeoutMs; left > 0 && numNodes() > 0; left -= pollIntervalMs) await delay(pollIntervalMs)
  // One that goes on in the library would meet the end of its memory in exit().
  if (numNodes() > 0) process.kill(process.pid, 'SIGKILL')
  process.exit()
}

try {
  serve()
} catch (error) {
  application.tell({ error: plainError(error) })
}
