import type { WakuErrorJson } from '../errors.js'
import type { MessageHash, ReceivedMessage } from '../message.js'
import type { StorePage, StoreQuery, StoredMessage } from '../store.js'
import type { ArchiveStats, RetentionPolicy } from './archive.js'
import { packMessages, unpackMessages } from './packed-messages.js'
import type { PackedMessages } from './packed-messages.js'

/** What the worker is started with. The URL may hold a password; it stays inside the process. */
export interface ArchiveWorkerData {
  readonly url: string
  readonly options: ArchiveEngineOptions
}

/** Options of every engine. */
export interface ArchiveEngineOptions {
  /** How long to wait for another process that holds the archive, in milliseconds; 5 000 by default. */
  readonly busyTimeoutMs?: number | undefined
  /** Which SQLite driver to use; the best one for the runtime by default. */
  readonly sqliteDriver?: 'node:sqlite' | 'libsql' | undefined
}

/** What each call hands over and gets back. */
export interface ArchiveCalls {
  open: { input: undefined, output: undefined }
  /** A part of the messages of one `insert` that is to follow with the same sequence number. */
  insertPart: { input: PackedMessages, output: undefined }
  insert: { input: PackedMessages, output: number }
  query: { input: StoreQuery, output: PackedPage }
  has: { input: readonly MessageHash[], output: ReadonlySet<MessageHash> }
  applyRetention: { input: RetentionPolicy, output: number }
  stats: { input: undefined, output: ArchiveStats }
  close: { input: undefined, output: undefined }
}

/** One call. `seq` tells the calls of one worker apart. */
export type ArchiveRequest = { [Name in keyof ArchiveCalls]: { readonly seq: number, readonly name: Name, readonly input: ArchiveCalls[Name]['input'] } }[keyof ArchiveCalls]

/** The answer to the call with the same `seq`; `insertPart` has none. */
export type ArchiveResponse =
  | { readonly seq: number, readonly output: unknown }
  | { readonly seq: number, readonly error: WakuErrorJson }

/** A page in the form in which it crosses between threads. */
export interface PackedPage {
  readonly hits: PackedMessages | readonly MessageHash[]
  readonly paginationCursor?: MessageHash | undefined
}

/** Packs a page; the buffers of `transfer` are to change hands. */
export function packPage ({ messages, paginationCursor }: StorePage): { page: PackedPage, transfer: ArrayBuffer[] } {
  if (!messages.every(hasData)) return { page: { hits: messages.map(({ messageHash }) => messageHash), paginationCursor }, transfer: [] }
  const hits = packMessages(messages)
  return { page: { hits, paginationCursor }, transfer: [hits.bytes] }
}

/** Reads a page back. */
export function unpackPage ({ hits, paginationCursor }: PackedPage): StorePage {
  const messages: StoredMessage[] = 'bytes' in hits ? unpackMessages(hits, { copy: true }) : hits.map((messageHash) => ({ messageHash }))
  return paginationCursor === undefined ? { messages } : { messages, paginationCursor }
}

function hasData (stored: StoredMessage): stored is ReceivedMessage {
  return stored.message !== undefined && stored.pubsubTopic !== undefined
}
