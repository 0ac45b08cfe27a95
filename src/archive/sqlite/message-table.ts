import { hashFromHex, hashToHex } from '../../message.js'
import type { ReceivedMessage, MessageHash } from '../../message.js'
import type { StoredMessage } from '../../store.js'
import type { MessageKey, PageRange } from '../page-range.js'
import { compareKeys } from '../page-range.js'
import { TopicKeys } from '../topic-key.js'
import type { SqliteConnection, SqliteRow, SqliteStatement, SqliteValue } from './driver.js'
import { statements } from './statements.js'

/** A message found by an index alone: its place in the order and in the table. */
export interface IndexEntry extends MessageKey {
  readonly id: bigint
}

/** An entry with what the filters of a hash query look at. */
export interface HashEntry extends IndexEntry {
  readonly pubsubId: bigint
  readonly topicKey: Uint8Array
}

/** A run of messages that one index keeps in order: those of a content topic on a pubsub topic, or of a whole pubsub topic. */
export type Lane = { readonly pubsubId: bigint } | { readonly topicKey: Uint8Array }

/** The statements on the tables of an archive. Callers handle transactions. */
export class MessageTable {
  readonly #prepared: Readonly<Record<keyof typeof statements, SqliteStatement>>
  readonly #topicKeys = new TopicKeys()
  // Pubsub topics are few (those that the node relays) and never deleted, so their ids stay true.
  readonly #pubsubIds = new Map<string, bigint>()
  readonly #pubsubTopics = new Map<bigint, string>()

  constructor (connection: SqliteConnection) {
    const prepared = Object.entries(statements).map(([name, sql]) => [name, connection.prepare(sql)] as const)
    this.#prepared = Object.fromEntries(prepared) as Record<keyof typeof statements, SqliteStatement>
  }

  /** Inserts messages; returns how many are new. */
  insert (messages: readonly ReceivedMessage[]): number {
    this.#loadPubsubTopics()
    // New topics are not remembered beyond this call: the transaction may be rolled back, and their ids with it.
    const newIds = new Map<string, bigint>()
    const idOf = (pubsubTopic: string): bigint => {
      const id = this.#pubsubIds.get(pubsubTopic) ?? newIds.get(pubsubTopic) ?? this.#insertPubsubTopic(pubsubTopic)
      if (!this.#pubsubIds.has(pubsubTopic)) newIds.set(pubsubTopic, id)
      return id
    }
    return messages.reduce((numNew, message) => numNew + this.#insert(message, idOf(message.pubsubTopic)), 0)
  }

  #insert ({ message, messageHash, pubsubTopic }: ReceivedMessage, pubsubId: bigint): number {
    return this.#prepared.insert.run([
      hashFromHex(messageHash),
      pubsubId,
      this.#topicKeys.of(pubsubTopic, message.contentTopic),
      message.timestamp,
      BigInt(message.version),
      Buffer.from(message.contentTopic),
      message.meta,
      message.payload
    ])
  }

  /** Adds to the number of messages that {@link count} reads. */
  addToCount (difference: number): void {
    this.#prepared.addToCount.run([BigInt(difference)])
  }

  count (): number {
    return Number(this.#prepared.count.all([])[0]?.[0])
  }

  /** Finds the lanes in which everything on these topics lies; undefined stands for any. */
  lanesOf (pubsubTopic: string | undefined, contentTopics: readonly string[] | undefined): Lane[] {
    this.#loadPubsubTopics()
    const pubsubTopics = pubsubTopic === undefined ? [...this.#pubsubIds.keys()] : [pubsubTopic]
    if (contentTopics !== undefined && contentTopics.length > 0) {
      const distinct = [...new Set(contentTopics)]
      return pubsubTopics.flatMap((pubsub) => distinct.map((topic) => ({ topicKey: this.#topicKeys.of(pubsub, topic) })))
    }
    return pubsubTopics.flatMap((pubsub) => {
      const pubsubId = this.#pubsubIds.get(pubsub)
      return pubsubId === undefined ? [] : [{ pubsubId }]
    })
  }

  /** Walks lanes side by side and returns the first entries of a range, at most `limit`, in the order of the walk. */
  walk (lanes: readonly Lane[], range: PageRange, limit: number, forward: boolean): IndexEntry[] {
    const entries = lanes.flatMap((lane) => this.#walkLane(lane, range, limit, forward))
    if (lanes.length > 1) entries.sort(forward ? compareKeys : (a, b) => compareKeys(b, a))
    return entries.slice(0, limit)
  }

  #walkLane (lane: Lane, { after, before }: PageRange, limit: number, forward: boolean): IndexEntry[] {
    const [statement, of] = 'topicKey' in lane
      ? [forward ? this.#prepared.topicForward : this.#prepared.topicBackward, lane.topicKey]
      : [forward ? this.#prepared.pubsubForward : this.#prepared.pubsubBackward, lane.pubsubId]
    return statement
      .all([of, after.timestamp, after.hash, before.timestamp, before.hash, BigInt(limit)])
      .map(([timestamp, hash, id]) => ({ timestamp: timestamp as bigint, hash: hash as Uint8Array, id: id as bigint }))
  }

  findByHash (messageHash: MessageHash): HashEntry | undefined {
    const row = this.#prepared.byHash.all([hashFromHex(messageHash)])[0]
    if (row === undefined) return undefined
    const [timestamp, hash, id, pubsubId, topicKey] = row as [bigint, Uint8Array, bigint, bigint, Uint8Array]
    return { timestamp, hash, id, pubsubId, topicKey }
  }

  /** Reads the messages of entries, in their order. */
  read (entries: readonly IndexEntry[]): StoredMessage[] {
    return this.#prepared.read.all([idList(entries)]).map((row) => this.#toStored(row))
  }

  delete (entries: readonly IndexEntry[]): number {
    return this.#prepared.delete.run([idList(entries)])
  }

  #toStored (row: SqliteRow): StoredMessage {
    const [hash, pubsubId, timestamp, version, contentTopic, meta, payload] = row as
      [Uint8Array, bigint, bigint, bigint, Uint8Array, Uint8Array, Uint8Array]
    return {
      messageHash: hashToHex(hash),
      pubsubTopic: this.#topicOf(pubsubId),
      message: {
        payload, contentTopic: textOf(contentTopic), version: Number(version), timestamp, ephemeral: false, meta, proof: new Uint8Array(0)
      }
    }
  }

  #insertPubsubTopic (pubsubTopic: string): bigint {
    const name = Buffer.from(pubsubTopic)
    this.#prepared.insertPubsubTopic.run([name])
    return this.#prepared.pubsubTopicByName.all([name])[0]?.[0] as bigint
  }

  #topicOf (id: bigint): string {
    if (!this.#pubsubTopics.has(id)) this.#loadPubsubTopics()
    return this.#pubsubTopics.get(id) ?? ''
  }

  // Not after a write of the same transaction. Another process may have added one, so they are read each time: a handful.
  #loadPubsubTopics (): void {
    for (const [id, name] of this.#prepared.pubsubTopics.all([]) as Array<[bigint, Uint8Array]>) {
      const topic = textOf(name)
      this.#pubsubIds.set(topic, id)
      this.#pubsubTopics.set(id, topic)
    }
  }
}

function idList (entries: readonly IndexEntry[]): SqliteValue {
  return `[${entries.map(({ id }) => id.toString()).join()}]`
}

function textOf (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
}
