import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { app } from 'electron'
import type { AppOptions } from './options.js'

/** Where this instance keeps what it keeps. */
export interface AppPaths {
  readonly userData: string
  readonly rendezvous: string
  readonly log: string
}

/** Settles the folders; before anything else, since the single-instance lock is one per folder. */
export function settlePaths ({ profile, data, rendezvous }: AppOptions): AppPaths {
  const usual = join(app.getPath('appData'), 'nwaku-chat')
  const userData = data !== undefined ? resolve(data) : profile === '' ? usual : `${usual}-${profile}`
  mkdirSync(userData, { recursive: true, mode: 0o700 })
  app.setPath('userData', userData)
  app.setPath('sessionData', join(userData, 'browser'))
  return {
    userData,
    // Beside the folders of all profiles.
    rendezvous: rendezvous === undefined ? join(dirname(usual), 'nwaku-chat-local-network') : resolve(rendezvous),
    log: join(userData, 'logs', 'chat.log')
  }
}
