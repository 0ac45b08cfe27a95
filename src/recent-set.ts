import { randomInt } from 'node:crypto'
import type { MessageHash } from './message.js'

/**
 * Remembers message hashes for at least `maxAgeMs`, or, beyond `maxEntries` in that time, the newest of them.
 * Two generations instead of a time per hash: forgetting costs nothing, and memory is bounded by twice `maxEntries`.
 */
export class RecentSet {
  #current = new HashTable()
  #previous = new HashTable()
  #turnAt: number
  readonly #maxAgeMs: number
  readonly #maxEntries: number

  constructor (maxAgeMs: number, maxEntries: number) {
    this.#maxAgeMs = maxAgeMs
    this.#maxEntries = maxEntries
    this.#turnAt = performance.now() + maxAgeMs
  }

  /** Tells whether a hash was added lately. */
  has (hash: MessageHash): boolean {
    readWords(hash)
    return this.#has()
  }

  /** Adds a hash. @returns whether it was new. */
  add (hash: MessageHash): boolean {
    const now = performance.now()
    if (now >= this.#turnAt || this.#current.size >= this.#maxEntries) {
      // After a pause of a whole age, what is in the current generation is old too.
      this.#previous = now >= this.#turnAt + this.#maxAgeMs ? new HashTable() : this.#current
      this.#current = new HashTable()
      this.#turnAt = now + this.#maxAgeMs
    }
    readWords(hash)
    if (this.#has()) return false
    this.#current.add()
    return true
  }

  #has (): boolean {
    return this.#current.has() || this.#previous.has()
  }
}

const wordsPerHash = 8
const firstCapacity = 256

/** The hash that is looked for or added, read once for every table that it may be in. */
const words = new Uint32Array(wordsPerHash)

const digits = new Uint8Array(128)
for (let digit = 0; digit < 16; digit++) digits[digit.toString(16).charCodeAt(0)] = digit

function readWords (hash: MessageHash): void {
  let at = '0x'.length
  for (let word = 0; word < wordsPerHash; word++) {
    let value = 0
    for (const end = at + 8; at < end; at++) value = value << 4 | (digits[hash.charCodeAt(at)] as number)
    words[word] = value
  }
}

// Unknown to peers, who could otherwise find hashes that all go to one place of a table.
const [factorA, factorB] = [randomInt(2 ** 31) | 1, randomInt(2 ** 31) | 1]

/**
 * A set of hashes in two flat arrays: strings in a `Set` would be four times the memory, and for the garbage collector the most
 * of its work under load.
 */
class HashTable {
  #hashes = new Uint32Array(firstCapacity * wordsPerHash)
  /** Which hash is at a place, counted from 1; twice as many places as hashes at least. */
  #places = new Uint32Array(firstCapacity * 2)
  size = 0

  has (): boolean {
    return this.#places[this.#find(words, 0)] !== 0
  }

  /** Adds a hash that is not there. */
  add (): void {
    if (this.size * wordsPerHash === this.#hashes.length) this.#grow()
    this.#hashes.set(words, this.size * wordsPerHash)
    this.size++
    this.#places[this.#find(words, 0)] = this.size
  }

  /** The place where a hash is, or would be. */
  #find (of: Uint32Array, at: number): number {
    const mask = this.#places.length - 1
    const mixed = Math.imul(of[at] as number, factorA) ^ Math.imul(of[at + 1] as number, factorB)
    let place = (mixed ^ mixed >>> 15) & mask
    for (let number = this.#places[place] as number; number !== 0 && !this.#isAt(number - 1, of, at); number = this.#places[place] as number) place = place + 1 & mask
    return place
  }

  #isAt (index: number, of: Uint32Array, at: number): boolean {
    for (let word = 0; word < wordsPerHash; word++) {
      if (this.#hashes[index * wordsPerHash + word] !== of[at + word]) return false
    }
    return true
  }

  #grow (): void {
    const hashes = new Uint32Array(this.#hashes.length * 2)
    hashes.set(this.#hashes)
    this.#hashes = hashes
    this.#places = new Uint32Array(this.#places.length * 2)
    for (let index = 0; index < this.size; index++) this.#places[this.#find(hashes, index * wordsPerHash)] = index + 1
  }
}
