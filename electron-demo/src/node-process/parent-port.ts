import type { EngineToMain, MainToEngine } from '../shared/ipc.js'

/** A port of a window, as Electron hands it to a utility process. */
export interface WindowPort {
  postMessage (message: unknown): void
  on (event: 'message', listener: (event: { readonly data: unknown }) => void): void
  on (event: 'close', listener: () => void): void
  start (): void
}

/** The way to main, which Electron puts on `process` in a utility process. */
export interface ParentPort {
  postMessage (message: EngineToMain): void
  on (event: 'message', listener: (event: { readonly data: MainToEngine, readonly ports: readonly WindowPort[] }) => void): void
}

/** @throws {Error} in any other process. */
export function parentPort (): ParentPort {
  const { parentPort: port } = process as { parentPort?: ParentPort }
  if (port === undefined) throw new Error('the engine runs in a utility process of Electron only')
  return port
}
