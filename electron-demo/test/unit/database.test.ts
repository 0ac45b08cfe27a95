import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Database } from '../../src/node-process/database/database.js'
import type { NewMessage } from '../../src/node-process/database/message-table.js'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nwaku-chat-database-'))
  path = join(folder, 'chat.sqlite3')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const message = (number: number, more: Partial<NewMessage> = {}): NewMessage => ({
  roomId: 'lobby', position: number, sentAtUs: number, hash: `0x${number}`, uid: `uid-${number}`, nick: 'anna', text: `text ${number}`, isOwn: false, state: 'received', clientId: null, ...more
})

describe('the database', () => {
  test('keeps messages, rooms and settings when it is opened again', () => {
    const first = new Database(path)
    first.rooms.insert('lobby', 5)
    first.rooms.setDraft('lobby', 'half a')
    first.messages.insert(message(7))
    const key = first.settings.nodeKey
    first.close()
    const second = new Database(path)
    expect(second.rooms.all()).toEqual([{ id: 'lobby', joinedAt: 5, draft: 'half a', readPosition: 5, caughtUpAt: null, hasOlder: true }])
    expect(second.messages.window('lobby', 0, 10, 1).map(({ text }) => text)).toEqual(['text 7'])
    expect(second.settings.nodeKey).toBe(key)
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    second.close()
  })

  test('keeps a message once, by its hash, its sender\'s id and the window\'s id', () => {
    const database = new Database(path)
    for (const room of ['lobby', 'other']) database.rooms.insert(room, 0)
    expect(database.messages.insert(message(1, { clientId: 'click' }))).toBe(1)
    expect(database.messages.insert(message(1))).toBeUndefined()
    expect(database.messages.insert(message(2, { uid: 'uid-1' }))).toBeUndefined()
    expect(database.messages.insert(message(3, { clientId: 'click' }))).toBeUndefined()
    expect(database.messages.insert(message(1, { roomId: 'other', uid: 'another' }))).toBeDefined()
    database.close()
  })

  test('gives windows in the order of their messages, from either end', () => {
    const database = new Database(path)
    for (const room of ['lobby', 'other']) database.rooms.insert(room, 0)
    const shuffled = Array.from({ length: 50 }, (_, index) => (index * 37) % 50)
    database.transaction(() => { for (const number of shuffled) database.messages.insert(message(number)) })
    for (const from of [0, 10, 24, 25, 26, 40, 49]) {
      const texts = database.messages.window('lobby', from, 10, 50).map(({ text }) => text)
      expect(texts, `from ${from}`).toEqual(Array.from({ length: Math.min(10, 50 - from) }, (_, index) => `text ${from + index}`))
    }
    database.close()
  })

  test('undoes all of a transaction of which a part fails', () => {
    const database = new Database(path)
    for (const room of ['lobby', 'other']) database.rooms.insert(room, 0)
    expect(() => database.transaction(() => {
      database.messages.insert(message(1))
      throw new Error('no')
    })).toThrow('no')
    expect(database.messages.count('lobby')).toBe(0)
    database.close()
  })

  test('puts a damaged file aside and begins anew', () => {
    writeFileSync(path, 'this is no database, and long enough to be taken for one by its size alone '.repeat(20))
    const database = new Database(path)
    expect(database.rooms.all()).toEqual([])
    expect(readdirSync(folder).some((name) => name.startsWith('chat.sqlite3.damaged-'))).toBe(true)
    expect(database.damagedPath).toContain('.damaged-')
    database.close()
  })

  test('leaves a file of a newer version alone', () => {
    const newer = new (Libsql as unknown as new (path: string) => { exec (sql: string): void, close (): void })(path)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(() => new Database(path)).toThrow(expect.objectContaining({ code: 'CHAT_DATABASE', details: { reason: 'newer' } }))
    expect(readdirSync(folder)).toContain('chat.sqlite3')
  })
})
