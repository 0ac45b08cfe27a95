import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'

/** The environment of the engine: that of the app, and where a packaged app has its libwaku, if it brings one. */
export function engineEnvironment (): NodeJS.ProcessEnv {
  const library = join(process.resourcesPath, 'libwaku', process.platform === 'darwin' ? 'libwaku.dylib' : 'libwaku.so')
  return app.isPackaged && existsSync(library) ? { NWAKU_LIBRARY_PATH: library, ...process.env } : { ...process.env }
}
