import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SqliteDriver } from '../../src/archive/sqlite/driver.js'
import { loadSqliteDriver } from '../../src/archive/sqlite/load-driver.js'
import { loadNodeDriver } from '../../src/archive/sqlite/node-driver.js'
import { SqliteArchive } from '../../src/archive/sqlite/sqlite-archive.js'
import type { SqliteArchiveOptions } from '../../src/archive/sqlite/sqlite-archive.js'
import type { ReceivedMessage } from '../../src/message.js'
import { makeMessage } from '../helpers/make-message.js'
import { runProgram } from '../helpers/run-program.js'
import { makeTemporaryFolder } from '../helpers/temporary-folder.js'

const drivers: ReadonlyArray<SqliteDriver['name']> = loadNodeDriver() === undefined ? ['libsql'] : ['node:sqlite', 'libsql']

const failedWith = (reason: string) => ({ code: 'WAKU_ARCHIVE_FAILED', details: { reason } })
const makeMessages = (count: number, start = 0): ReceivedMessage[] =>
  Array.from({ length: count }, (_, i) => makeMessage({ timestamp: BigInt(start + i), payload: Buffer.alloc(1000, i) }))

describe.each(drivers)('SQLite archive by %s', (driverName) => {
  let folder: ReturnType<typeof makeTemporaryFolder>
  let path: string
  let driver: SqliteDriver
  const opened: SqliteArchive[] = []

  beforeEach(async () => {
    folder = makeTemporaryFolder()
    path = join(folder.path, 'archive.sqlite3')
    driver = await loadSqliteDriver(driverName)
  })
  afterEach(async () => {
    for (const archive of opened.splice(0)) await archive.close()
    folder.remove()
  })

  const make = (options: Partial<SqliteArchiveOptions> = {}): SqliteArchive => {
    const archive = new SqliteArchive({ path, driver, busyTimeoutMs: 50, ...options })
    opened.push(archive)
    return archive
  }
  const open = async (options: Partial<SqliteArchiveOptions> = {}): Promise<SqliteArchive> => {
    const archive = make(options)
    await archive.open()
    return archive
  }
  const fillAndClose = async (count: number): Promise<void> => {
    const archive = await open()
    await archive.insert(makeMessages(count))
    await archive.close()
  }
  const change = (sql: string): void => {
    const connection = driver.connect(path)
    connection.exec(sql)
    connection.close()
  }

  it('refuses a file that is no database, and leaves it as it is', async () => {
    writeFileSync(path, 'Dear diary, '.repeat(1000))
    const before = readFileSync(path)
    await expect(make().open()).rejects.toMatchObject(failedWith('corrupt'))
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('refuses a database whose beginning is damaged, and leaves it as it is', async () => {
    await fillAndClose(500)
    const damaged = readFileSync(path)
    damaged.fill(0xa5, 100, 4096)
    writeFileSync(path, damaged)
    await expect(make().open()).rejects.toMatchObject(failedWith('corrupt'))
    expect(readFileSync(path).equals(damaged)).toBe(true)
  })

  it('reports damage in the middle when it meets it, and deletes nothing', async () => {
    await fillAndClose(2000)
    const damaged = readFileSync(path)
    damaged.fill(0xa5, 20 * 4096, damaged.length - 4096)
    writeFileSync(path, damaged)
    const archive = await open()
    await expect(archive.query({ paginationLimit: 100 })).rejects.toMatchObject(failedWith('corrupt'))
    await expect(archive.insert(makeMessages(500, 5000))).rejects.toMatchObject(failedWith('corrupt'))
    expect(existsSync(path)).toBe(true)
  })

  it('refuses an archive of a newer release, and leaves it as it is', async () => {
    await fillAndClose(10)
    change('PRAGMA user_version = 99')
    const before = readFileSync(path)
    await expect(make().open()).rejects.toMatchObject(failedWith('newer-schema'))
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('refuses a database of another application, and leaves it as it is', async () => {
    change('CREATE TABLE messages (hash BLOB PRIMARY KEY); INSERT INTO messages VALUES (x\'00\')')
    const before = readFileSync(path)
    await expect(make().open()).rejects.toMatchObject(failedWith('other'))
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('opens an empty file as a new archive', async () => {
    writeFileSync(path, '')
    expect(await (await open()).stats()).toMatchObject({ numMessages: 0 })
  })

  it('says that it cannot be written where there is no folder', async () => {
    await expect(make({ path: join(folder.path, 'missing/archive.sqlite3') }).open()).rejects.toMatchObject(failedWith('not-writable'))
  })

  it('says that it cannot be written when the path is a folder', async () => {
    await expect(make({ path: folder.path }).open()).rejects.toMatchObject(failedWith('not-writable'))
  })

  it('takes a path as it stands, whatever is in it', async () => {
    const odd = join(folder.path, 'file:a%20b?mode=memory#c.sqlite3')
    await open({ path: odd })
    expect(existsSync(odd)).toBe(true)
  })

  it('says that it is locked while another process holds it, and works when it is free again', async () => {
    const archive = await open()
    const holder = await runProgram('archive/programs/hold-lock.ts', [path])
    expect(await holder.lines.next()).toMatchObject({ value: 'locked' })
    await expect(archive.insert(makeMessages(3))).rejects.toMatchObject(failedWith('locked'))
    await expect(make().open(), 'opening').rejects.toMatchObject(failedWith('locked'))
    expect(await archive.query({}), 'reading').toEqual({ messages: [] })
    holder.process.stdin?.end()
    await holder.exit
    expect(await archive.insert(makeMessages(3))).toBe(3)
  })

  it('shares a file with another archive on it', async () => {
    const [first, second] = [await open({ busyTimeoutMs: 5000 }), await open({ busyTimeoutMs: 5000 })]
    await first.insert([makeMessage({ timestamp: 1n })])
    await second.insert([makeMessage({ timestamp: 2n, pubsubTopic: '/second' })])
    await first.insert([makeMessage({ timestamp: 3n, pubsubTopic: '/third' }), makeMessage({ timestamp: 4n, pubsubTopic: '/second' })])
    for (const archive of [first, second]) {
      const { messages } = await archive.query({})
      expect(messages.map(({ pubsubTopic }) => pubsubTopic)).toEqual(['/waku/2/rs/16/32', '/second', '/third', '/second'])
    }
    expect(await second.stats()).toMatchObject({ numMessages: 4 })
  })

  it('says that the disk is full, keeps what it had, and takes the same messages once there is room', async () => {
    let connection: ReturnType<SqliteDriver['connect']> | undefined
    const archive = await open({ driver: { ...driver, connect: (name) => (connection = driver.connect(name)) } })
    await archive.insert(makeMessages(100))
    // SQLite's own measure of a full disk; the result code is that of a real one.
    connection?.exec('PRAGMA max_page_count = 100')
    await expect(archive.insert(makeMessages(500, 1000))).rejects.toMatchObject(failedWith('full'))
    expect(await archive.stats(), 'what was there').toMatchObject({ numMessages: 100, newestTimestamp: 99n })
    connection?.exec('PRAGMA max_page_count = 4294967294')
    expect(await archive.insert(makeMessages(500, 1000))).toBe(500)
  })

  it.skipIf(process.platform === 'win32')('says so when the system takes no more bytes, and keeps whole batches', async () => {
    const program = await runProgram('archive/programs/insert-batches.ts', [path, driverName], 'ulimit -f 8192;')
    const lines = await collect(program.lines)
    expect(await program.exit, program.errors()).toBe(0)
    expect(lines.at(-1)).toBe('full')
    expect(lines.length).toBeGreaterThan(1)
    const archive = await open()
    expect(await archive.stats()).toMatchObject({ numMessages: (lines.length - 1) * 100 })
  })

  it('is whole after its process is killed: all that was confirmed, and no part of a batch', async () => {
    const program = await runProgram('archive/programs/insert-batches.ts', [path, driverName])
    let numConfirmed = 0
    while (numConfirmed < 20 && (await program.lines.next()).done !== true) numConfirmed++
    program.process.kill('SIGKILL')
    expect(await program.exit).toBe('SIGKILL')
    const archive = await open()
    const { numMessages } = await archive.stats()
    expect(numMessages % 100).toBe(0)
    expect(numMessages / 100).toBeGreaterThanOrEqual(numConfirmed)
    const { messages } = await archive.query({ contentTopics: [`/${numMessages / 100 - 1}`], paginationLimit: 100 })
    expect(messages, 'the last batch').toHaveLength(100)
    await archive.close()
    const connection = driver.connect(path)
    expect(connection.prepare('PRAGMA integrity_check').all([])).toEqual([['ok']])
    expect(connection.prepare('SELECT count(*) FROM messages').all([])).toEqual([[BigInt(numMessages)]])
    connection.close()
  })
})

async function collect (lines: AsyncIterator<string>): Promise<string[]> {
  const collected: string[] = []
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) collected.push(line.value)
  return collected
}
