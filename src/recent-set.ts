import { randomInt } from 'node:crypto'
import type { MessageHash } from './message.js'

/**
 * Remembers message hashes for at least `maxAgeMs`, or, beyond `maxEntries` in that time, the newest of them.
 * Two generations instead of a time per hash: forgetting costs nothing, and memory is bounded by twice `maxEntries`.
 */
export class RecentSet {
  #current = new Generation()
  #previous = new Generation()
  #turnAt: number
  readonly #maxAgeMs: number
  readonly #maxEntries: number

  /** @param maxEntries - less than a million, for each of which there is a number in a {@link HashTable}. */
  constructor (maxAgeMs: number, maxEntries: number) {
    this.#maxAgeMs = maxAgeMs
    this.#maxEntries = maxEntries
    this.#turnAt = performance.now() + maxAgeMs
  }

  /** Tells whether a hash was added lately. */
  has (hash: MessageHash): boolean {
    readWords(hash)
    return this.#current.has() || this.#previous.has()
  }

  /** Adds a hash. @returns whether it was new. */
  add (hash: MessageHash): boolean {
    const now = performance.now()
    if (now >= this.#turnAt || this.#current.size >= this.#maxEntries) this.#turn(now)
    readWords(hash)
    return !this.#previous.has() && this.#current.add()
  }

  #turn (now: number): void {
    const forgotten = this.#previous
    this.#previous = this.#current
    this.#current = forgotten.emptied()
    // After a pause of a whole age, what is in the current generation is old too.
    if (now >= this.#turnAt + this.#maxAgeMs) this.#previous = this.#previous.emptied()
    this.#turnAt = now + this.#maxAgeMs
  }
}

/**
 * Of a hash its last 128 bits are kept: to find a message that has those of another's takes 2^128 attempts, and two of one's own
 * that have the same, which take less, one might as well not send.
 */
const wordsPerHash = 4
const firstDigit = '0x'.length + 32
const firstCapacity = 16

/** When a table grows, all its hashes are put in their places anew, which in one large table would hold the event loop up. */
const numTables = 64

/** The hash that is looked for or added, read once for every table that it may be in. */
const words = new Uint32Array(wordsPerHash)
let lastRead: MessageHash | undefined

const digits = new Uint8Array(128)
for (let digit = 0; digit < 16; digit++) digits[digit.toString(16).charCodeAt(0)] = digit

function readWords (hash: MessageHash): void {
  if (hash === lastRead) return
  lastRead = hash
  let at = firstDigit
  for (let word = 0; word < wordsPerHash; word++) {
    let value = 0
    for (const end = at + 8; at < end; at++) value = value << 4 | (digits[hash.charCodeAt(at)] as number)
    words[word] = value
  }
}

// Unknown to peers, who could otherwise find hashes that all go to one place of a table.
const [factorA, factorB] = [randomInt(2 ** 31) | 1, randomInt(2 ** 31) | 1]

/** The hashes of some time. */
class Generation {
  readonly #tables = Array.from({ length: numTables }, () => new HashTable())
  size = 0

  has (): boolean {
    return this.size > 0 && this.#table.has()
  }

  /** Adds a hash. @returns whether it was new. */
  add (): boolean {
    const isNew = this.#table.add()
    if (isNew) this.size++
    return isNew
  }

  /** Returns an empty one: this, unless it is much too large for what was in it. */
  emptied (): Generation {
    if (!this.#tables.every((table) => table.isFit)) return new Generation()
    for (const table of this.#tables) table.empty()
    this.size = 0
    return this
  }

  get #table (): HashTable {
    return this.#tables[(words[2] as number) % numTables] as HashTable
  }
}

/** At a place stands the number of a hash, counted from 1, and above it bits of the hash, by which most others are told apart. */
const numberBits = 20
const numberMask = 2 ** numberBits - 1

/**
 * A set of hashes in two flat arrays: strings in a `Set` would be four times the memory, and for the garbage collector the most
 * of its work under load.
 */
class HashTable {
  #hashes = new Uint32Array(firstCapacity * wordsPerHash)
  /** Twice as many as hashes at least. */
  #places = new Uint32Array(firstCapacity * 2)
  size = 0

  has (): boolean {
    return this.#places[this.#find(mix(words, 0))] !== 0
  }

  /** Adds a hash. @returns whether it was new. */
  add (): boolean {
    if (this.size * wordsPerHash === this.#hashes.length) this.#grow()
    const mixed = mix(words, 0)
    const place = this.#find(mixed)
    if (this.#places[place] !== 0) return false
    for (let word = 0, at = this.size * wordsPerHash; word < wordsPerHash; word++, at++) this.#hashes[at] = words[word] as number
    this.size++
    this.#places[place] = (mixed & ~numberMask) | this.size
    return true
  }

  /** Whether it is not much too large for what is in it. */
  get isFit (): boolean { return this.#hashes.length <= Math.max(this.size * 4, firstCapacity) * wordsPerHash }

  empty (): void {
    this.#places.fill(0)
    this.size = 0
  }

  /** The place where the hash is, or would be. */
  #find (mixed: number): number {
    const mask = this.#places.length - 1
    let place = mixed & mask
    for (let entry = this.#places[place] as number; entry !== 0; entry = this.#places[place] as number) {
      if (((entry ^ mixed) & ~numberMask) === 0 && this.#isAt((entry & numberMask) - 1)) break
      place = place + 1 & mask
    }
    return place
  }

  #isAt (index: number): boolean {
    for (let word = 0, at = index * wordsPerHash; word < wordsPerHash; word++, at++) {
      if (this.#hashes[at] !== words[word]) return false
    }
    return true
  }

  #grow (): void {
    const hashes = new Uint32Array(this.#hashes.length * 2)
    hashes.set(this.#hashes)
    this.#hashes = hashes
    const places = this.#places = new Uint32Array(this.#places.length * 2)
    const mask = places.length - 1
    for (let number = 1; number <= this.size; number++) {
      const mixed = mix(hashes, (number - 1) * wordsPerHash)
      let place = mixed & mask
      while (places[place] !== 0) place = place + 1 & mask
      places[place] = (mixed & ~numberMask) | number
    }
  }
}

/** Its low bits tell the place of a hash, its high ones stand there. */
function mix (of: Uint32Array, at: number): number {
  const mixed = Math.imul(of[at] as number, factorA) ^ Math.imul(of[at + 1] as number, factorB)
  return mixed ^ mixed >>> 15
}
