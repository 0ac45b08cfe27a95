import '../../../src/polyfills.js'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
import type { BackendEvents } from '../../../src/backend.js'
import { ProcessBackend } from '../../../src/backends/process/backend.js'
import type { HostKind } from '../../../src/backends/process/link.js'
import { remoteBackend } from '../../../src/backends/process/remote-backend.js'
import { resolveOptions } from '../../../src/config.js'
import type { Logger, NodeOptions } from '../../../src/options.js'
import { buildProgram } from '../../helpers/build-program.js'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.js'

/** What a backend told, by the name of the event, each with the first that it carried; of drops their number. */
export type ToldEvents = { readonly [K in Exclude<keyof BackendEvents, 'dropped'>]: Array<Parameters<BackendEvents[K]>[0]> } & { readonly dropped: number[] }

/** A backend in a process whose behaviour is told by `ping`; see `programs/scripted-host.ts`. */
export interface Scripted {
  readonly backend: ProcessBackend
  readonly told: ToldEvents
  readonly logged: Array<readonly [keyof Logger, string, Readonly<Record<string, unknown>> | undefined]>
  /** What the backends of all processes were asked to do, in order. */
  readonly asked: () => readonly string[]
}

/** A signal that never fires. */
export const noSignal = new AbortController().signal

/** Opens one; it is closed when the test ends. */
export async function openScripted (options: NodeOptions = {}): Promise<Scripted> {
  const folder = makeTemporaryFolder()
  const logged: Array<readonly [keyof Logger, string, Readonly<Record<string, unknown>> | undefined]> = []
  const log = (level: keyof Logger) => (message: string, fields?: Readonly<Record<string, unknown>>) => { logged.push([level, message, fields]) }
  const logger = { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') }
  onTestFinished(() => folder.remove())
  const backend = await ProcessBackend.open(resolveOptions({ logger, peerStorePath: folder.path, ...options }), await scriptedHost())
  onTestFinished(async () => await backend.close())
  const told: ToldEvents = { message: [], peerConnected: [], peerDisconnected: [], topicHealth: [], dropped: [], unresponsive: [], archiveFailed: [], exited: [], restarted: [] }
  const keep = (name: string, events: unknown[]) => (first: unknown, second: unknown): void => { events.push(name === 'dropped' ? second : first) }
  backend.attach(Object.fromEntries(Object.entries(told).map(([name, events]) => [name, keep(name, events)])) as unknown as BackendEvents)
  return { backend, told, logged, asked: () => readLines(join(folder.path, 'log')) }
}

/** Opens one and starts it. */
export async function startScripted (options: NodeOptions = {}, pubsubTopics: readonly string[] = []): Promise<Scripted> {
  const scripted = await openScripted(options)
  await scripted.backend.start(pubsubTopics, noSignal)
  return scripted
}

function readLines (path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trim().split('\n').map((line) => line.trim())
  } catch {
    return []
  }
}

/** Processes that run the module. */
export async function scriptedHost (): Promise<HostKind> {
  return remoteBackend(pathToFileURL(await buildProgram('process/programs/scripted-host.ts')))
}
