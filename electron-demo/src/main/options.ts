import { parseArgs } from 'node:util'
import type { EngineArguments, Settings } from '../shared/ipc.js'

/** What the app can be started with, all of it optional, besides an invite link. */
export interface AppOptions {
  /** Name of the user data folder beside the usual one, so that several users have the app open on one machine. */
  readonly profile: string
  /** Folder for the user's data, instead of the system's place for it. */
  readonly data: string | undefined
  /** Folder in which instances find one another. */
  readonly rendezvous: string | undefined
  /** First run without a screen. */
  readonly preset: EngineArguments['preset']
  /** Where the window opens. */
  readonly position: { readonly x: number, readonly y: number } | undefined
}

/** Reads the command line, in which Electron and Chromium have switches of their own. */
export function readOptions (argv: readonly string[]): AppOptions {
  const { values } = parseArgs({
    args: argv.filter((arg) => arg.startsWith('--chat-')),
    options: {
      'chat-profile': { type: 'string' },
      'chat-data': { type: 'string' },
      'chat-rendezvous': { type: 'string' },
      'chat-preset': { type: 'string' },
      'chat-position': { type: 'string' }
    },
    strict: false
  })
  const text = (name: string): string | undefined => typeof values[name] === 'string' ? values[name] : undefined
  return {
    profile: (text('chat-profile') ?? '').replace(/[^\w-]/g, '').slice(0, 32),
    data: text('chat-data'),
    rendezvous: text('chat-rendezvous'),
    preset: readPreset(text('chat-preset')),
    position: readPosition(text('chat-position'))
  }
}

/** Finds an invite link among arguments: that is how links come on Windows and Linux. */
export function findInvite (argv: readonly string[]): string | undefined {
  return argv.find((arg) => arg.startsWith('nwaku-chat:'))
}

/** `{ "nickname", "rooms", … }`; the engine checks what it says. */
function readPreset (json: string | undefined): EngineArguments['preset'] {
  if (json === undefined) return null
  try {
    const { rooms = [], ...settings } = JSON.parse(json) as Partial<Settings> & { rooms?: string[] }
    const defaults: Settings = { nickname: 'me', network: { kind: 'local' }, backend: 'auto', theme: 'auto', language: 'auto', notifications: true }
    return { settings: { ...defaults, ...settings }, rooms }
  } catch {
    console.error('--chat-preset: no JSON')
    return null
  }
}

function readPosition (text: string | undefined): AppOptions['position'] {
  const [, x, y] = /^(\d{1,5}),(\d{1,5})$/.exec(text ?? '') ?? []
  return x === undefined || y === undefined ? undefined : { x: Number(x), y: Number(y) }
}
