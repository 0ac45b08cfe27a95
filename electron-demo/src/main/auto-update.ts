import { app } from 'electron'
import type { MainEvent } from '../shared/ipc.js'
import type { Log } from './log.js'

/** How often a new version is looked for, in milliseconds. */
const intervalMs = 6 * 3_600_000

/** Looks for new versions at the feed that the packaging wrote down. Not when run from source, and not where there is no feed. */
export async function followUpdates (tell: (event: MainEvent) => void, log: Log): Promise<void> {
  if (!app.isPackaged || process.env['NWAKU_CHAT_NO_UPDATES'] !== undefined) return
  const { default: { autoUpdater } } = await import('electron-updater')
  autoUpdater.logger = null
  autoUpdater.on('update-available', ({ version }) => tell({ type: 'update', state: 'available', version }))
  autoUpdater.on('update-downloaded', ({ version }) => tell({ type: 'update', state: 'ready', version }))
  autoUpdater.on('error', (error) => log.write('main', `no look for updates: ${error.message.split('\n')[0] ?? ''}`))
  const look = (): void => { autoUpdater.checkForUpdates().catch(() => {}) }
  look()
  setInterval(look, intervalMs)
}
