import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Libsql from 'libsql'

interface Lock { exec (sql: string): void, close (): void }

/** How often the host's file is looked at, in milliseconds. */
const lookIntervalMs = 500

/**
 * Where the instances on a machine find one another: the first to come hosts the local test network, and writes down where it
 * listens. Who hosts is settled by a lock that the system gives back when a process ends, however it does.
 */
export class Rendezvous {
  readonly #folder: string
  #lock: Lock | undefined
  #timer: NodeJS.Timeout | undefined
  #known = ''

  constructor (folder: string) {
    this.#folder = folder
  }

  /** Where the host keeps the network's history, which the next host takes over. The backends' formats differ. */
  historyPath (backend: 'js' | 'libwaku'): string {
    return join(this.#folder, `history-${backend}.sqlite3`)
  }

  get isHost (): boolean {
    return this.#lock !== undefined
  }

  /** Becomes the host if there is none. */
  tryToHost (): boolean {
    if (this.#lock !== undefined) return true
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const lock = new (Libsql as unknown as new (path: string) => Lock)(join(this.#folder, 'host.lock'))
    try {
      lock.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
      this.#lock = lock
      return true
    } catch {
      lock.close()
      return false
    }
  }

  /** Tells the others where the host listens. */
  announce (addresses: readonly string[]): void {
    const path = join(this.#folder, 'host.json')
    writeFileSync(`${path}.new`, JSON.stringify({ addresses }), { mode: 0o600 })
    // So that nobody reads half of it.
    renameSync(`${path}.new`, path)
  }

  /** Reads the multiaddrs of the host, none when there is no host yet; `watch` tells of others than these. */
  readHost (): readonly string[] {
    this.#known = this.#read()
    return addressesIn(this.#known)
  }

  /** Calls back when the host has moved, and when there is none any more. */
  watch (events: { moved (addresses: readonly string[]): void, gone (): void }): void {
    this.unwatch()
    this.#timer = setInterval(() => {
      if (this.#lock !== undefined) return
      if (this.tryToHost()) {
        this.unwatch()
        events.gone()
        return
      }
      if (this.#read() !== this.#known) events.moved(this.readHost())
    }, lookIntervalMs)
  }

  unwatch (): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Leaves the hosting to others. */
  release (): void {
    this.unwatch()
    this.#lock?.close()
    this.#lock = undefined
  }

  #read (): string {
    try {
      return readFileSync(join(this.#folder, 'host.json'), 'utf8')
    } catch {
      return ''
    }
  }
}

function addressesIn (json: string): string[] {
  try {
    const { addresses } = JSON.parse(json) as { addresses: unknown }
    return Array.isArray(addresses) ? addresses.filter((address) => typeof address === 'string') : []
  } catch {
    return []
  }
}
