import { randomBytes } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRunning } from './is-running.js'

const maxAgeMs = 7 * 24 * 3_600_000

/** A download that is not complete. It has a folder to itself, which one process at a time owns: whoever renamed it. */
export class PartialDownload {
  readonly #shelf: string
  readonly #key: string
  readonly #folder: string

  private constructor (shelf: string, key: string) {
    this.#shelf = shelf
    this.#key = key
    this.#folder = join(shelf, `${key}.${process.pid}.${randomBytes(4).toString('hex')}`)
  }

  /** The file that holds what has arrived. */
  get path (): string {
    return join(this.#folder, 'data')
  }

  /**
   * Takes what an earlier attempt left, unless another process is at it, or begins anew.
   *
   * @param shelf - the folder of all partial downloads.
   * @param key - what is downloaded: its digest.
   */
  static async claim (shelf: string, key: string): Promise<PartialDownload> {
    const partial = new PartialDownload(shelf, key)
    for (const name of await abandoned(shelf)) {
      if (!name.startsWith(`${key}.`)) continue
      // Of those who try one succeeds.
      if (await succeeds(rename(join(shelf, name), partial.#folder))) return partial
    }
    await mkdir(partial.#folder, { recursive: true })
    return partial
  }

  /** How much has arrived, in bytes. */
  async size (): Promise<number> {
    return (await stat(this.path).catch(() => undefined))?.size ?? 0
  }

  /** What the server calls the state of the file that has arrived: an entity tag or a date. */
  async validator (): Promise<string | undefined> {
    return await readFile(join(this.#folder, 'validator'), 'utf8').catch(() => undefined)
  }

  async setValidator (validator: string | undefined): Promise<void> {
    await (validator === undefined ? rm(join(this.#folder, 'validator'), { force: true }) : writeFile(join(this.#folder, 'validator'), validator))
  }

  /** Leaves it to the next attempt, in whichever process. */
  async park (): Promise<void> {
    if (await this.size() === 0 || !await succeeds(rename(this.#folder, join(this.#shelf, `${this.#key}.part`)))) await this.discard()
  }

  /** Removes it, and with it what nobody has touched for a week. */
  async discard (): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
    for (const name of await abandoned(this.#shelf)) {
      const path = join(this.#shelf, name)
      const touchedAt = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now()
      if (Date.now() - touchedAt > maxAgeMs) await rm(path, { recursive: true, force: true })
    }
    // Only when it is empty.
    await succeeds(rmdir(this.#shelf))
  }
}

/** Lists what is parked, and what processes that are gone have left. */
async function abandoned (shelf: string): Promise<string[]> {
  const names = await readdir(shelf).catch(() => [])
  return names.filter((name) => {
    const owner = /\.(\d+)\.[0-9a-f]+$/.exec(name)?.[1]
    return name.endsWith('.part') || (owner !== undefined && !isRunning(Number(owner)))
  })
}

async function succeeds (action: Promise<unknown>): Promise<boolean> {
  return await action.then(() => true, () => false)
}
