import { invalidArgument } from '../errors.js'

/** Where an archive lies. */
export type ArchiveLocation =
  | { readonly engine: 'sqlite', readonly path: string }
  | { readonly engine: 'postgres', readonly connectionString: string }

/**
 * Reads the URL of an archive: `sqlite://<path>`, whose path is taken as it stands, `sqlite://:memory:`, or
 * `postgres://<user>:<password>@<host>:<port>/<database>`.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT` for `store.url`; its text never holds the URL, which may hold a password.
 */
export function parseArchiveUrl (url: string): ArchiveLocation {
  const path = /^sqlite:\/\/(.+)$/s.exec(url)?.[1]
  if (path !== undefined) {
    if (path.includes('\0')) throw invalidArgument('store.url', 'a path must not contain a NUL character')
    return { engine: 'sqlite', path }
  }
  const server = parseServerUrl(url)
  if (server === undefined) {
    throw invalidArgument('store.url', 'must be sqlite://<path>, sqlite://:memory: or postgres://<user>:<password>@<host>:<port>/<database>')
  }
  return { engine: 'postgres', connectionString: url }
}

/** Writes the URL of an archive without the password it may hold, for errors and logs. */
export function redactUrl (url: string): string {
  const server = parseServerUrl(url)
  if (server === undefined) return url.startsWith('sqlite://') ? url : '(unknown)'
  return `postgres://${server.username === '' ? '' : `${server.username}@`}${server.host}${server.pathname}`
}

function parseServerUrl (url: string): URL | undefined {
  try {
    const parsed = new URL(url)
    const isServer = ['postgres:', 'postgresql:'].includes(parsed.protocol) && parsed.host !== '' && parsed.pathname.length > 1
    return isServer ? parsed : undefined
  } catch {
    return undefined
  }
}
