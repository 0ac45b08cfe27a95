/** More places than memory has room for, and how often each is used until its keys come again. The product is below 2^53. */
const maxPlaces = 2 ** 22
const maxUses = 2 ** 30

/**
 * Keeps things that come and go by thousands a second, each under a number of its own. A `Map` or `Set` that has grown old copies its
 * table to old memory whenever that is full of what was taken out, and whatever an abandoned table lists stays alive until a full
 * collection: that was most of the garbage collector's work under load.
 */
export class Slots<T extends object> {
  // Place 0 is not used: keys are positive.
  readonly #things: Array<T | undefined> = [undefined]
  readonly #keys: number[] = [0]
  readonly #free: number[] = []

  get size (): number {
    return this.#keys.length - 1 - this.#free.length
  }

  /** Puts something in. @returns its key: a positive integer, which comes again when its place has been used 2^30 times. */
  add (thing: T): number {
    const place = this.#free.pop() ?? this.#keys.push(this.#keys.length) - 1
    this.#things[place] = thing
    return this.#keys[place] as number
  }

  /** Returns what is under a key; undefined when it is not there any more. */
  get (key: number): T | undefined {
    const place = key % maxPlaces
    return this.#keys[place] === key ? this.#things[place] : undefined
  }

  /** Takes something out. @returns undefined when it is not there any more. */
  take (key: number): T | undefined {
    const thing = this.get(key)
    if (thing === undefined) return undefined
    const place = key % maxPlaces
    this.#things[place] = undefined
    this.#keys[place] = (key + maxPlaces) % (maxPlaces * maxUses)
    this.#free.push(place)
    return thing
  }

  /** Lists what is in, in no order. */
  list (): T[] {
    return this.#things.filter((thing) => thing !== undefined)
  }

  /** Takes everything out. @returns it, in no order. */
  takeAll (): T[] {
    return this.#keys.flatMap((key) => this.take(key) ?? [])
  }
}
