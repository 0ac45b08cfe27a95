import type { Archive } from '../../../src/archive/archive.js'
import type { ReceivedMessage } from '../../../src/message.js'
import type { StoreQuery } from '../../../src/store.js'
import { makeMessage } from '../../helpers/make-message.js'

/** How the suite gets at an engine. */
export interface ArchiveFixture {
  /** What the tests are listed under. */
  readonly name: string
  /** Returns a way to make archives, still closed, on one place that is empty. */
  readonly setup: () => Promise<ArchivePlace>
  /** How many random histories to try; 50 by default. */
  readonly numModelRuns?: number
}

/** One place for an archive, which may be opened several times. */
export interface ArchivePlace {
  readonly create: () => Archive
  readonly teardown: () => void | Promise<void>
}

/** The archive of the test that runs. */
export class ArchiveSuite {
  readonly #fixture: ArchiveFixture
  #place: ArchivePlace | undefined
  #archive: Archive | undefined

  constructor (fixture: ArchiveFixture) {
    this.#fixture = fixture
  }

  get archive (): Archive {
    if (this.#archive === undefined) throw new Error('no test is running')
    return this.#archive
  }

  async setup (): Promise<void> {
    this.#place = await this.#fixture.setup()
    this.#archive = this.#place.create()
    await this.archive.open()
  }

  async teardown (): Promise<void> {
    await this.archive.close()
    await this.#place?.teardown()
  }

  /** Closes the archive and opens the place again. */
  async reopen (): Promise<void> {
    await this.archive.close()
    this.#archive = this.#place?.create()
    await this.archive.open()
  }

  async hashesOf (query: StoreQuery): Promise<string[]> {
    const { messages } = await this.archive.query(query)
    return messages.map(({ messageHash }) => messageHash)
  }

  /** Inserts messages whose timestamps are 0, 1, 2, ... */
  async fill (count: number, fields: (i: number) => Parameters<typeof makeMessage>[0] = () => ({})): Promise<ReceivedMessage[]> {
    const messages = Array.from({ length: count }, (_, i) => makeMessage({ timestamp: BigInt(i), ...fields(i) }))
    await this.archive.insert(messages)
    return messages
  }
}
