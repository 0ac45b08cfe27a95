import { createRequire } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import { fate, interfaceVersion, type FrontDoor } from './bridge.js'
import { candidates, loadFirst } from './locate.js'

/** The whole surface of native/src/addon.cc. Plain functions that trust their caller: the driver checks. */
interface Addon {
  readonly interfaceVersion: number
  openSession (onWake: () => void, isMainThread: boolean): number
  closeSession (session: number, fate: number): void
  keepAlive (session: number, on: boolean): void
  call (session: number, calls: Uint8Array): number
  prepare (session: number, maxWaitMs: number): number
  take (session: number, batch: Buffer): void
  serve (path: string): number
  processEnds (): void
  stats (session: number, context?: number): number[] | undefined
}

/**
 * Loads the addon.
 *
 * @param paths - where it may be, best first.
 * @throws {WakuError} `WAKU_UNAVAILABLE`, with every attempt.
 */
export function loadAddon (paths: readonly string[] = candidates('addon')): FrontDoor {
  return new AddonDoor(loadFirst('the native addon', paths, requireAddon))
}

function requireAddon (path: string): Addon {
  const addon = createRequire(import.meta.url)(path) as Addon
  if (addon.interfaceVersion !== interfaceVersion) {
    throw new Error(`it has interface ${addon.interfaceVersion}, this version needs ${interfaceVersion}`)
  }
  return addon
}

class AddonDoor implements FrontDoor {
  readonly name = 'addon'
  readonly #addon: Addon
  #session = 0

  constructor (addon: Addon) {
    this.#addon = addon
  }

  start (onWake: () => void): void { this.#session = this.#addon.openSession(onWake, isMainThread) }
  keepAlive (on: boolean): void { this.#addon.keepAlive(this.#session, on) }
  call (calls: Buffer): number { return this.#addon.call(this.#session, calls) }
  prepare (maxWaitMs: number): number { return this.#addon.prepare(this.#session, maxWaitMs) }
  take (batch: Buffer): void { this.#addon.take(this.#session, batch) }
  serve (path: string): number { return this.#addon.serve(path) }
  processEnds (): void { this.#addon.processEnds() }
  stats (context?: number): readonly number[] | undefined { return this.#addon.stats(this.#session, context) }
  close (): void { this.#addon.closeSession(this.#session, fate.destroy) }
}
