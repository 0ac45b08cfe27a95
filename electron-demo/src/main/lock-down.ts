import { app, session, shell, type WebContents } from 'electron'
import { isSafeLink } from '../shared/safe-link.js'
import { rendererOrigin } from './renderer-protocol.js'

/** Denies every page what this app does not need: going elsewhere, opening windows, asking for permissions. */
export function lockDown (): void {
  app.on('web-contents-created', (_, contents) => guard(contents))
  session.defaultSession.setPermissionRequestHandler((_, __, decide) => decide(false))
  session.defaultSession.setPermissionCheckHandler(() => false)
  session.defaultSession.setDevicePermissionHandler(() => false)
  session.defaultSession.on('will-download', (event) => event.preventDefault())
}

function guard (contents: WebContents): void {
  const stay = (event: { preventDefault (): void }, url: string): void => {
    if (!isOwnPage(url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

function isOwnPage (url: string): boolean {
  return url === `${rendererOrigin}/index.html`
}

/** Opens a link in the browser of the system, if it is one that is safe to hand over. @returns false when it is not. */
export async function openExternally (link: string): Promise<boolean> {
  if (!isSafeLink(link)) return false
  await shell.openExternal(new URL(link).href)
  return true
}
