import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Database } from '../../src/node-process/database/database.js'
import { nowUs, RoomBook, type Incoming } from '../../src/node-process/rooms/room-book.js'
import { limits, type RoomChange } from '../../src/shared/ipc.js'

let folder: string
let database: Database
let changes: RoomChange[]
let book: RoomBook

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nwaku-chat-book-'))
  database = new Database(join(folder, 'chat.sqlite3'))
  changes = []
  book = new RoomBook(database, (told) => changes.push(...told))
  book.add('lobby')
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

const second = 1_000_000
const incoming = (id: string, sentAtUs: number): Incoming => ({ roomId: 'lobby', sentAtUs, hash: `0x${id}`, uid: id, nick: 'ben', text: id })
const texts = (): string[] => book.window('lobby', -500, 500).messages.map(({ text }) => text)
const own = (id: string): Parameters<RoomBook['write']>[0] => ({ roomId: 'lobby', sentAtUs: nowUs(), hash: `0x${id}`, uid: id, nick: 'anna', text: id, clientId: id })

describe('the rooms', () => {
  test('put a live message that is a little late at the end, where it is seen', () => {
    book.receive([incoming('first', nowUs()), incoming('late', nowUs() - 3 * second)], false)
    expect(texts()).toEqual(['first', 'late'])
  })

  test('put history where it belongs', () => {
    book.receive([incoming('now', nowUs())], false)
    book.receive([incoming('older', nowUs() - 100 * second), incoming('oldest', nowUs() - 200 * second)], true)
    expect(texts()).toEqual(['oldest', 'older', 'now'])
  })

  test('let nobody stay at the end because of a clock that is ahead', () => {
    book.receive([incoming('from the future', nowUs() + 3600 * second)], false)
    book.receive([incoming('now', nowUs())], false)
    expect(texts()).toEqual(['from the future', 'now'])
  })

  test('tell once a frame what came, with all that a window needs to follow', () => {
    book.receive([incoming('a', nowUs()), incoming('b', nowUs())], false)
    book.receive([incoming('old', nowUs() - 100 * second)], true)
    book.flush()
    expect(changes).toMatchObject([{ roomId: 'lobby', count: 3, numAppended: 2, numPrepended: 1, isReordered: false, appended: [{ text: 'a' }, { text: 'b' }], lastMessage: { text: 'b' } }])
  })

  test('tell of no more messages than fit into a window, and how many there are', () => {
    book.receive(Array.from({ length: 3 * limits.windowSize }, (_, index) => incoming(`m${index}`, nowUs())), false)
    book.flush()
    expect(changes[0]?.appended).toHaveLength(limits.windowSize)
    expect(changes[0]?.numAppended).toBe(3 * limits.windowSize)
    expect(changes[0]?.appended.at(-1)?.text).toBe(`m${3 * limits.windowSize - 1}`)
  })

  test('count as unread what others said since the user read, and what came in between too', () => {
    const start = nowUs() + second
    // Times to come count as now, so the room is read up to a moment ago.
    database.rooms.setReadPosition('lobby', start - 1000 * second)
    book = new RoomBook(database, (told) => changes.push(...told))
    book.receive([incoming('unread 1', nowUs() - 50 * second), incoming('read', nowUs() - 2000 * second), incoming('unread 0', nowUs() - 60 * second)], true)
    const room = book.get('lobby')
    expect([room.unread, room.firstUnreadIndex]).toEqual([2, 1])
    book.markRead('lobby', 1)
    expect([room.unread, room.firstUnreadIndex]).toEqual([1, 2])
    book.write(own('answer'))
    expect([room.unread, room.firstUnreadIndex]).toEqual([0, null])
  })

  test('take a message that a window sends twice for one', () => {
    const first = book.write(own('twice'))
    expect(book.write({ ...own('twice'), hash: '0xother', uid: 'other' })).toEqual(first)
    expect(texts()).toEqual(['twice'])
  })

  test('forget a room that is left, with all that was said there', () => {
    book.receive([incoming('a', nowUs())], false)
    book.remove('lobby')
    expect(() => book.get('lobby')).toThrow(expect.objectContaining({ code: 'CHAT_NO_ROOM' }))
    expect(database.messages.count('lobby')).toBe(0)
    expect(book.receive([incoming('b', nowUs())], false)).toEqual([])
  })

  test('have figures that agree with the database, whatever comes in whatever order', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.boolean(), fc.boolean()), { maxLength: 40 }), (steps) => {
      const roomId = `room-${Math.random()}`
      const room = book.add(roomId)
      database.rooms.setReadPosition(roomId, room.joinedAt - 200 * second)
      room.readPosition = room.joinedAt - 200 * second
      steps.forEach(([age, isHistory, isOwn], index) => {
        const id = `${roomId}-${index}`
        if (isOwn) book.write({ ...own(id), roomId })
        else book.receive([{ ...incoming(id, nowUs() - age * second), roomId }], isHistory)
      })
      const fresh = new RoomBook(database, () => {}).get(roomId)
      expect([room.count, room.unread, room.firstUnreadIndex, room.lastMessage?.id]).toEqual([fresh.count, fresh.unread, fresh.firstUnreadIndex, fresh.lastMessage?.id])
    }), { numRuns: 60 })
  })
})
