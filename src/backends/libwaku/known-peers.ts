import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkPeerAddress, peerIdOf } from '../../checks.js'
import { reasonOf } from '../../errors.js'
import type { Logger } from '../../options.js'

/** How long changes are collected before they are written, in milliseconds. */
const writeDelayMs = 2000

/** The newest so many are kept. */
const maxPeers = 500

/** Peers that the node was connected to, and where: in memory, and in a file where there is a folder for it. */
export class KnownPeers {
  readonly #folder: string | undefined
  readonly #logger: Logger
  readonly #addresses = new Map<string, readonly string[]>()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor (folder: string | undefined, logger: Logger) {
    this.#folder = folder
    this.#logger = logger
  }

  /** Base58 ids, the newest last. */
  get peerIds (): readonly string[] {
    return [...this.#addresses.keys()]
  }

  /** Multiaddrs without the peer id. */
  addressesOf (peerId: string): readonly string[] {
    return this.#addresses.get(peerId) ?? []
  }

  /** Notes where a peer was reached; the best address first. */
  add (peerId: string, addresses: readonly string[]): void {
    if (addresses.length === 0) return
    this.#addresses.delete(peerId)
    this.#addresses.set(peerId, addresses)
    const [oldest] = this.#addresses.keys()
    if (this.#addresses.size > maxPeers && oldest !== undefined) this.#addresses.delete(oldest)
    if (this.#folder !== undefined) this.#timer ??= setTimeout(() => { void this.flush() }, writeDelayMs).unref()
  }

  /** Reads what an earlier node left. What cannot be read is left out. */
  async load (): Promise<void> {
    if (this.#folder === undefined) return
    try {
      const peers = JSON.parse(await readFile(this.#file(this.#folder), 'utf8')) as unknown
      for (const address of Array.isArray(peers) ? peers as unknown[] : []) {
        const checked = checkPeerAddress('address', address)
        const peerId = peerIdOf(checked)
        const transport = checked.slice(0, -`/p2p/${peerId}`.length)
        this.#addresses.set(peerId, [...this.addressesOf(peerId), transport])
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#logger.warn('known peers cannot be read', { reason: reasonOf(error) })
    }
  }

  /** Writes what has not been written yet. Never rejects. */
  async flush (): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#timer === undefined || this.#folder === undefined) return
    this.#timer = undefined
    const folder = this.#folder
    this.#writing = this.#writing.then(async () => await this.#write(folder))
    await this.#writing
  }

  async #write (folder: string): Promise<void> {
    const peers = Array.from(this.#addresses, ([peerId, addresses]) => addresses.map((address) => `${address}/p2p/${peerId}`)).flat()
    try {
      await mkdir(folder, { recursive: true })
      // Beside it first, so that there is never half a file.
      await writeFile(`${this.#file(folder)}.new`, JSON.stringify(peers))
      await rename(`${this.#file(folder)}.new`, this.#file(folder))
    } catch (error) {
      this.#logger.warn('known peers cannot be written', { reason: reasonOf(error) })
    }
  }

  #file (folder: string): string {
    return join(folder, 'known-peers.json')
  }
}
