import { MemoryDatastore } from 'datastore-core'
import type { FsDatastore } from 'datastore-fs'
import type { Libp2p } from '@libp2p/interface'
import type { Datastore } from 'interface-datastore'
import { peerIdFromString } from '@libp2p/peer-id'
import { invalidArgument, reasonOf } from '../../errors.js'
import type { Logger } from '../../options.js'

const peersPrefix = '/peers/'

/** Where known peers are kept: in a folder, or in memory only. */
export class PeerDatastore {
  readonly #path: string | undefined
  readonly #memory = new MemoryDatastore()
  #folder: FsDatastore | undefined

  /** @param path - of a folder, made when it is not there; undefined for memory. */
  constructor (path: string | undefined) {
    this.#path = path
  }

  /** @throws {WakuError} `WAKU_INVALID_ARGUMENT` when the folder cannot be used. */
  async open (): Promise<Datastore> {
    if (this.#path === undefined) return this.#memory
    const { FsDatastore } = await import('datastore-fs')
    const folder = new FsDatastore(this.#path)
    try {
      await folder.open()
    } catch (error) {
      throw invalidArgument('options.peerStorePath', `'${this.#path}' cannot be used: ${reasonOf(error)}`, { cause: error })
    }
    this.#folder = folder
    return folder
  }

  /** Removes entries that cannot be read, of which a single one would hide all others. */
  async removeUnreadable (peerStore: Libp2p['peerStore'], logger: Logger): Promise<void> {
    if (this.#folder === undefined) return
    for await (const key of this.#folder.queryKeys({ prefix: peersPrefix })) {
      try {
        await peerStore.get(peerIdFromString(key.toString().slice(peersPrefix.length)))
      } catch (error) {
        // What has expired is removed by reading it.
        if (error instanceof Error && error.name === 'NotFoundError') continue
        logger.warn('forgetting a known peer that cannot be read', { key: key.toString(), reason: reasonOf(error) })
        await this.#folder.delete(key)
      }
    }
  }

  async close (): Promise<void> {
    await this.#folder?.close()
    this.#folder = undefined
  }
}
