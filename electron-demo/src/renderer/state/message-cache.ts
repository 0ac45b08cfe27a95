import { limits, type ChatMessage, type MessageWindow, type RoomChange } from '../../shared/ipc.js'

/** Messages kept in memory for one room. */
const most = 4000

interface Entry {
  readonly message: ChatMessage
  readonly generation: number
}

/** Which messages to ask for. */
export interface MissingRange {
  readonly from: number
  readonly limit: number
}

/**
 * The part of a room that is in memory: a few windows of it, by index. Entries are kept by a place that stays the same
 * when older messages come before them: the index less the number of messages that came before.
 */
export class MessageCache {
  readonly #entries = new Map<number, Entry>()
  readonly #placeOfId = new Map<number, number>()
  #numPrepended = 0
  #generation = 0
  #count: number
  #revision = -1
  /** The last revision in which indexes changed. */
  #orderRevision = -1

  constructor (count: number) {
    this.#count = count
  }

  /** Messages of the room, in memory or not. */
  get count (): number {
    return this.#count
  }

  /** A name for what stands at an index that older messages do not change. */
  placeOf (index: number): number {
    return index - this.#numPrepended
  }

  /** The index of a place. */
  indexOf (place: number): number {
    return place + this.#numPrepended
  }

  /** The message at an index; undefined when it is not in memory. After a reordering it may be an outdated one until it is fetched again. */
  at (index: number): ChatMessage | undefined {
    return this.#entries.get(this.placeOf(index))?.message
  }

  /** Where a message is; undefined when it is not in memory. */
  indexOfId (id: number): number | undefined {
    const place = this.#placeOfId.get(id)
    return place === undefined ? undefined : this.indexOf(place)
  }

  /** Takes in what happened in the room. */
  apply (change: RoomChange): void {
    this.#revision = change.revision
    this.#count = change.count
    if (change.numPrepended > 0) {
      this.#numPrepended += change.numPrepended
      this.#orderRevision = change.revision
    }
    if (change.isReordered) {
      this.#generation++
      this.#orderRevision = change.revision
    }
    const first = change.count - change.appended.length
    for (const [i, message] of change.appended.entries()) this.#set(first + i, message)
    for (const message of change.updated) this.#update(message)
  }

  /** Takes in a window. @returns false when it was too old to be of use. */
  put (window: MessageWindow): boolean {
    if (window.revision < this.#orderRevision) return false
    if (window.revision >= this.#revision) {
      this.#revision = window.revision
      this.#count = window.count
    }
    for (const [i, message] of window.messages.entries()) this.#set(window.from + i, message)
    return true
  }

  /** Forgets how new everything is, as after another engine took over: all is to be fetched again. */
  invalidate (count: number): void {
    this.#generation++
    this.#revision = -1
    this.#orderRevision = -1
    this.#count = count
  }

  /** Finds what is missing between two indexes, the second exclusive, as one range that a window can hold. */
  missing (from: number, to: number): MissingRange | undefined {
    let first: number | undefined
    let last = 0
    for (let index = Math.max(0, from); index < Math.min(to, this.#count); index++) {
      if (this.#entries.get(this.placeOf(index))?.generation === this.#generation) continue
      first ??= index
      last = index
    }
    return first === undefined ? undefined : { from: first, limit: Math.min(last - first + 1, limits.windowSize) }
  }

  /** Drops what is far from an index when there is too much. */
  trim (index: number): void {
    if (this.#entries.size <= most) return
    const center = this.placeOf(index)
    for (const place of this.#entries.keys()) {
      if (Math.abs(place - center) > most / 4) this.#delete(place)
    }
  }

  #set (index: number, message: ChatMessage): void {
    const place = this.placeOf(index)
    this.#delete(place)
    const former = this.#placeOfId.get(message.id)
    if (former !== undefined) this.#entries.delete(former)
    this.#entries.set(place, { message, generation: this.#generation })
    this.#placeOfId.set(message.id, place)
  }

  #update (message: ChatMessage): void {
    const place = this.#placeOfId.get(message.id)
    const entry = place === undefined ? undefined : this.#entries.get(place)
    if (place !== undefined && entry !== undefined) this.#entries.set(place, { ...entry, message })
  }

  #delete (place: number): void {
    const entry = this.#entries.get(place)
    if (entry === undefined) return
    this.#entries.delete(place)
    if (this.#placeOfId.get(entry.message.id) === place) this.#placeOfId.delete(entry.message.id)
  }
}
