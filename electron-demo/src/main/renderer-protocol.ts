import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { protocol } from 'electron'

/** Where the renderer comes from: a scheme of its own has an origin, which `file:` has not. */
export const rendererOrigin = 'app://chat'

/** Nothing but the app's own files, and no connection to anywhere. */
export const contentSecurityPolicy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'none'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "frame-src 'none'", "object-src 'none'", "worker-src 'none'"
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2'
}

const registered = Symbol.for('nwaku-chat.scheme-registered')

/** Tells Chromium of the scheme, once; before the app is ready. */
export function registerRendererScheme (): void {
  if (Reflect.has(globalThis, registered)) return
  Reflect.set(globalThis, registered, true)
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
}

/** Serves the renderer's files out of a folder, and nothing else. */
export function serveRenderer (folder: string): void {
  protocol.handle('app', async ({ url, method }) => {
    const { host, pathname } = new URL(url)
    const path = normalize(join(folder, decodeURIComponent(pathname)))
    const type = types[extname(path)]
    if (method !== 'GET' || host !== 'chat' || !path.startsWith(folder + sep) || type === undefined) return new Response(null, { status: 404 })
    try {
      const body = await readFile(path)
      return new Response(body, { headers: { 'content-type': type, 'content-security-policy': contentSecurityPolicy, 'x-content-type-options': 'nosniff' } })
    } catch {
      return new Response(null, { status: 404 })
    }
  })
}
