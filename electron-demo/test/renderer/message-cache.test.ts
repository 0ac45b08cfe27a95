import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatMessage, RoomChange } from '../../src/shared/ipc.js'
import { MessageCache } from '../../src/renderer/state/message-cache.js'
import { messageWith } from './made-messages.js'

/** A room as the engine has it, which tells of its changes. */
class Room {
  readonly messages: ChatMessage[]
  #revision = 0
  #lastId: number

  constructor (count: number) {
    this.messages = Array.from({ length: count }, (_, i) => messageWith(i))
    this.#lastId = count
  }

  add (numBefore: number, numAfter: number): RoomChange {
    const made = (count: number): ChatMessage[] => Array.from({ length: count }, () => messageWith(++this.#lastId))
    const appended = made(numAfter)
    this.messages.unshift(...made(numBefore))
    this.messages.push(...appended)
    return this.#change({ appended, numAppended: numAfter, numPrepended: numBefore })
  }

  insert (index: number): RoomChange {
    this.messages.splice(index, 0, messageWith(++this.#lastId))
    return this.#change({ isReordered: true })
  }

  update (index: number): RoomChange {
    const message = this.messages[index]
    if (message === undefined) return this.#change({})
    const updated: ChatMessage = { ...message, state: 'stored' }
    this.messages[index] = updated
    return this.#change({ updated: [updated] })
  }

  window (from: number, limit: number) {
    return { roomId: 'lobby', from, messages: this.messages.slice(from, from + limit), count: this.messages.length, revision: this.#revision }
  }

  #change (change: Partial<RoomChange>): RoomChange {
    return {
      roomId: 'lobby',
      revision: ++this.#revision,
      count: this.messages.length,
      unread: 0,
      firstUnreadIndex: null,
      appended: [],
      numAppended: 0,
      numPrepended: 0,
      isReordered: false,
      updated: [],
      lastMessage: this.messages.at(-1) ?? null,
      ...change
    }
  }
}

function fetchAll (cache: MessageCache, room: Room): void {
  for (let i = 0; i < 100; i++) {
    const range = cache.missing(0, cache.count)
    if (range === undefined) return
    cache.put(room.window(range.from, range.limit))
  }
  throw new Error('there is always something missing')
}

const idsOf = (cache: MessageCache): ReadonlyArray<number | undefined> => Array.from({ length: cache.count }, (_, i) => cache.at(i)?.id)

describe('messages in memory', () => {
  it('are at the index of the room, whatever happens to it', () => {
    const step = fc.record({ what: fc.constantFrom('add', 'insert', 'update', 'fetch', 'replace'), a: fc.nat(20), b: fc.nat(20) })
    fc.assert(fc.property(fc.nat(50), fc.array(step, { maxLength: 40 }), (count, steps) => {
      const room = new Room(count)
      const cache = new MessageCache(count)
      for (const { what, a, b } of steps) {
        if (what === 'add') cache.apply(room.add(a, b))
        if (what === 'insert') cache.apply(room.insert(Math.min(a, room.messages.length)))
        if (what === 'update') cache.apply(room.update(a))
        if (what === 'fetch') cache.put(room.window(a, b))
        if (what === 'replace') cache.invalidate(room.messages.length)
      }
      fetchAll(cache, room)
      expect(idsOf(cache)).toEqual(room.messages.map(({ id }) => id))
      expect(room.messages.every((message, i) => cache.at(i)?.state === message.state)).toBe(true)
      expect(room.messages.every(({ id }, i) => cache.indexOfId(id) === i)).toBe(true)
    }))
  })

  it('keep their place when older ones come before them', () => {
    const room = new Room(10)
    const cache = new MessageCache(10)
    cache.put(room.window(0, 10))
    const place = cache.placeOf(3)
    cache.apply(room.add(7, 0))
    expect(cache.indexOf(place)).toBe(10)
    expect(cache.at(10)?.id).toBe(3)
  })
})

describe('windows', () => {
  it('are not taken when they are older than the order of the room', () => {
    const room = new Room(10)
    const cache = new MessageCache(10)
    const old = room.window(0, 10)
    cache.apply(room.add(5, 0))
    expect(cache.put(old)).toBe(false)
    expect(cache.at(0)).toBeUndefined()
  })

  it('are taken when they are older than the last message only', () => {
    const room = new Room(10)
    const cache = new MessageCache(10)
    const old = room.window(0, 10)
    cache.apply(room.add(0, 1))
    expect(cache.put(old)).toBe(true)
    expect(cache.count).toBe(11)
    expect(idsOf(cache)).not.toContain(undefined)
  })

  it('leave what is shown alone until newer ones are there after a reordering', () => {
    const room = new Room(3)
    const cache = new MessageCache(3)
    cache.put(room.window(0, 3))
    cache.apply(room.insert(1))
    expect(cache.at(0)?.id).toBe(0)
    expect(cache.missing(0, 4)).toEqual({ from: 0, limit: 4 })
  })

  it('are forgotten when there are many of them', () => {
    const room = new Room(20_000)
    const cache = new MessageCache(20_000)
    for (let from = 0; from < 20_000; from += 500) {
      cache.put(room.window(from, 500))
      cache.trim(from)
    }
    const inMemory = idsOf(cache).filter((id) => id !== undefined).length
    expect(inMemory).toBeLessThan(5000)
    expect(cache.at(19_900)?.id).toBe(19_900)
  })

  it('are as long as the engine hands out at most', () => {
    expect(new MessageCache(100_000).missing(-50, 100_000)).toEqual({ from: 0, limit: 500 })
    expect(new MessageCache(10).missing(20, 30)).toBeUndefined()
  })
})
