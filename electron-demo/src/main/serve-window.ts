import { app, clipboard, ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron'
import { channels, limits, type ChatErrorCode, type MainRequests, type Result } from '../shared/ipc.js'
import { exportDiagnostics } from './diagnostics.js'
import type { EngineProcess } from './engine-process.js'
import { openExternally } from './lock-down.js'
import type { Log } from './log.js'
import type { Notifications } from './notifications.js'
import { rendererOrigin } from './renderer-protocol.js'

/** What main needs to answer a window. */
export interface WindowServices {
  window (): BrowserWindow | undefined
  readonly engine: EngineProcess
  readonly notifications: Notifications
  readonly log: Log
  /** The window listens from now on. */
  ready (): void
}

/** Answers the window's requests. Who asks is checked on every channel, and so is what is asked. */
export function serveWindow (services: WindowServices): void {
  const { engine, notifications, log } = services
  const handle = <K extends keyof MainRequests> (name: K, answer: (params: unknown, window: BrowserWindow) => Promise<Result<MainRequests[K]['value']>>): void => {
    ipcMain.handle(channels[name], async (event, params: unknown) => {
      const window = senderOf(event, services)
      return window === undefined ? refused('CHAT_REFUSED', 'the sender is not the window') : await answer(params, window)
    })
  }
  ipcMain.handle(channels.ready, async (event) => { if (senderOf(event, services) !== undefined) services.ready() })
  handle('openLink', async (params) => await openExternally(textOf(params, 'url')) ? done : refused('CHAT_REFUSED', 'only http and https links are opened'))
  handle('copyText', async (params) => {
    await clipboard.writeText(textOf(params, 'text').slice(0, limits.draftLength))
    return done
  })
  handle('exportDiagnostics', async (_, window) => {
    try {
      const path = await exportDiagnostics(window, engine, log)
      return path === undefined ? refused('CHAT_CANCELLED', 'no file was chosen') : { ok: true, value: { path } }
    } catch (error) {
      return refused('CHAT_INTERNAL', error instanceof Error ? error.message : String(error))
    }
  })
  handle('killEngine', async () => {
    engine.kill()
    return done
  })
  handle('setBadge', async (params) => {
    const count = (params as { count?: unknown } | null)?.count
    app.setBadgeCount(typeof count === 'number' && Number.isInteger(count) && count >= 0 ? Math.min(count, 9999) : 0)
    return done
  })
  handle('setFocusedRoom', async (params) => {
    const room = textOf(params, 'roomId')
    notifications.focusedRoom = room === '' ? null : room
    return done
  })
}

const done = { ok: true, value: null } as const

function refused (code: ChatErrorCode, message: string): Result<never> {
  return { ok: false, error: { code, message, details: {} } }
}

/** The window, if it is its main frame with the app's own page that asks. */
function senderOf (event: IpcMainInvokeEvent, services: WindowServices): BrowserWindow | undefined {
  const own = services.window()
  const frame = event.senderFrame
  const isOwn = own !== undefined && !own.isDestroyed() && event.sender === own.webContents && frame === own.webContents.mainFrame && frame.url.startsWith(`${rendererOrigin}/`)
  return isOwn ? own : undefined
}

function textOf (params: unknown, key: string): string {
  const value = typeof params === 'object' && params !== null ? (params as Record<string, unknown>)[key] : undefined
  return typeof value === 'string' ? value : ''
}
