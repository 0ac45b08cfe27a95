import { net, powerMonitor } from 'electron'
import type { MainToEngine } from '../shared/ipc.js'

/** How often the network is looked at, in milliseconds; there is no event for it in main. */
const lookIntervalMs = 3000

/** Tells the engine when the machine sleeps and wakes, and when it has a network. */
export function followPowerAndNetwork (tell: (message: MainToEngine) => void): void {
  powerMonitor.on('suspend', () => tell({ type: 'suspend' }))
  powerMonitor.on('resume', () => tell({ type: 'resume' }))
  let wasOnline = net.isOnline()
  tell({ type: 'network', online: wasOnline })
  setInterval(() => {
    const online = net.isOnline()
    if (online === wasOnline) return
    wasOnline = online
    tell({ type: 'network', online })
  }, lookIntervalMs)
}
