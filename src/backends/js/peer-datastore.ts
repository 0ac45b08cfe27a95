import { MemoryDatastore } from 'datastore-core'
import { FsDatastore } from 'datastore-fs'
import type { Libp2p } from '@libp2p/interface'
import type { Datastore } from 'interface-datastore'
import { peerIdFromString } from '@libp2p/peer-id'
import { invalidArgument, reasonOf } from '../../errors.js'
import type { Logger } from '../../options.js'

const peersPrefix = '/peers/'

/** Where known peers are kept: in a folder, or in memory only. */
export class PeerDatastore {
  readonly datastore: Datastore
  readonly #path: string | undefined

  /** @param path - of a folder, made when it is not there; undefined for memory. */
  constructor (path: string | undefined) {
    this.#path = path
    this.datastore = path === undefined ? new MemoryDatastore() : new FsDatastore(path)
  }

  /** @throws {WakuError} `WAKU_INVALID_ARGUMENT` when the folder cannot be used. */
  async open (): Promise<void> {
    if (!(this.datastore instanceof FsDatastore)) return
    try {
      await this.datastore.open()
    } catch (error) {
      throw invalidArgument('options.peerStorePath', `'${this.#path ?? ''}' cannot be used: ${reasonOf(error)}`, { cause: error })
    }
  }

  /** Removes entries that cannot be read, of which a single one would hide all others. */
  async removeUnreadable (peerStore: Libp2p['peerStore'], logger: Logger): Promise<void> {
    if (this.#path === undefined) return
    for await (const key of this.datastore.queryKeys({ prefix: peersPrefix })) {
      try {
        await peerStore.get(peerIdFromString(key.toString().slice(peersPrefix.length)))
      } catch (error) {
        // What has expired is removed by reading it.
        if (error instanceof Error && error.name === 'NotFoundError') continue
        logger.warn('forgetting a known peer that cannot be read', { key: key.toString(), reason: reasonOf(error) })
        await this.datastore.delete(key)
      }
    }
  }

  async close (): Promise<void> {
    if (this.datastore instanceof FsDatastore) await this.datastore.close()
  }
}
