import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme } from 'electron'
import type { AppInfo } from '../shared/ipc.js'
import { rendererOrigin } from './renderer-protocol.js'
import type { WindowPlace } from './window-place.js'

/** What a window is made with. */
export interface WindowOptions {
  /** Folder of the built app. */
  readonly folder: string
  readonly profile: string
  readonly place: WindowPlace
}

/** Makes the window: sandboxed, without Node, and shown once there is something to see. */
export function createMainWindow ({ folder, profile, place }: WindowOptions): BrowserWindow {
  const info: AppInfo = {
    version: app.getVersion(),
    electron: process.versions.electron,
    chromium: process.versions.chrome,
    platform: process.platform,
    locale: app.getLocale(),
    profile
  }
  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: 360,
    minHeight: 480,
    show: false,
    title: profile === '' ? app.getName() : `${app.getName()} – ${profile}`,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171c' : '#ffffff',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(folder, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      additionalArguments: [`--app-info=${encodeURIComponent(JSON.stringify(info))}`]
    }
  })
  place.follow(window)
  window.once('ready-to-show', () => window.show())
  void window.loadURL(`${rendererOrigin}/index.html`)
  return window
}
