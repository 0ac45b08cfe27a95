import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ArchiveWriter } from '../../src/archive/archive-writer.js'
import { PostgresArchive } from '../../src/archive/postgres/postgres-archive.js'
import { statements } from '../../src/archive/postgres/statements.js'
import { makeMessage } from '../helpers/make-message.js'
import { PostgresServer, postgresMissing } from '../helpers/postgres.js'

const failedWith = (reason: string) => ({ code: 'WAKU_ARCHIVE_FAILED', details: { reason } })

describe.skipIf(postgresMissing !== undefined)('PostgreSQL archive', () => {
  let server: PostgresServer
  let url: string
  beforeAll(async () => { server = await PostgresServer.start() })
  afterAll(async () => { await server.close() })
  beforeEach(async () => { url = await server.createDatabase() })

  const open = async (connectionString = url): Promise<PostgresArchive> => {
    const archive = new PostgresArchive({ connectionString, busyTimeoutMs: 200 })
    await archive.open().catch(async (error: unknown) => {
      await archive.close()
      throw error
    })
    return archive
  }

  it('loses and doubles nothing that is written while the server stops and starts again', async () => {
    const archive = await open()
    const writer = new ArchiveWriter(archive, { retryDelayMs: 50 })
    const numMessages = 3000
    let numAdded = 0
    const add = (count: number): void => {
      for (const end = numAdded + count; numAdded < end; numAdded++) writer.add(makeMessage({ timestamp: BigInt(numAdded) }))
    }
    add(1000)
    await writer.flush()
    add(1000)
    // The second thousand is on its way now.
    const flushing = writer.flush().catch((error: unknown) => error)
    await server.halt()
    await flushing
    await expect(archive.query({})).rejects.toMatchObject(failedWith('connection-lost'))
    add(1000)
    await expect(writer.flush()).rejects.toMatchObject(failedWith('connection-lost'))
    await server.resume()
    await writer.close()
    expect(writer.numDropped).toBe(0)
    expect(await archive.stats()).toMatchObject({ numMessages, oldestTimestamp: 0n, newestTimestamp: BigInt(numMessages - 1) })
    expect(await server.run('SELECT count(*)::int AS count, count(DISTINCT timestamp)::int AS distinct FROM nwaku_desktop.messages', url))
      .toEqual([{ count: numMessages, distinct: numMessages }])
    await archive.close()
  })

  it('serves the first calls after a restart as if nothing had happened', async () => {
    const archive = await open()
    await Promise.all([1n, 2n, 3n, 4n].map(async (timestamp) => await archive.insert([makeMessage({ timestamp })])))
    await server.halt()
    await server.resume()
    expect(await archive.stats()).toMatchObject({ numMessages: 4 })
    await archive.close()
  })

  it('refuses an archive of a newer release, and leaves it as it is', async () => {
    await (await open()).close()
    await server.run('UPDATE nwaku_desktop.schema_version SET version = 99', url)
    await expect(open()).rejects.toMatchObject(failedWith('newer-schema'))
    expect(await server.run('SELECT version FROM nwaku_desktop.schema_version', url)).toEqual([{ version: 99 }])
  })

  it('is created once when several processes open it at the same time', async () => {
    const archives = await Promise.all(Array.from({ length: 5 }, async () => await open()))
    expect(await server.run('SELECT count(*)::int AS count FROM nwaku_desktop.totals', url)).toEqual([{ count: 1 }])
    for (const archive of archives) await archive.close()
  })

  it('counts right when several archives insert the same messages at once', async () => {
    const archives = await Promise.all(Array.from({ length: 3 }, async () => await open()))
    const messages = Array.from({ length: 300 }, (_, i) => makeMessage({ timestamp: BigInt(i) }))
    const counts = await Promise.all(archives.map(async (archive, i) => await archive.insert(i === 1 ? [...messages].reverse() : messages)))
    expect(counts.reduce((sum, count) => sum + count)).toBe(300)
    expect(await archives[0]?.stats()).toMatchObject({ numMessages: 300 })
    for (const archive of archives) await archive.close()
  })

  it('says that it is locked while another transaction holds its tables', async () => {
    const archive = await open()
    const holding = server.run('BEGIN; LOCK TABLE nwaku_desktop.messages; SELECT pg_advisory_lock(1); SELECT pg_sleep(60); COMMIT', url).catch(() => [])
    await expect.poll(async () => (await server.run('SELECT 1 FROM pg_locks WHERE locktype = \'advisory\' AND granted', url)).length, { timeout: 20_000 }).toBe(1)
    await expect(archive.insert([makeMessage()])).rejects.toMatchObject(failedWith('locked'))
    await server.run('SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = \'advisory\' AND granted', url)
    await holding
    expect(await archive.insert([makeMessage()])).toBe(1)
    await archive.close()
  })

  it('says that it cannot be written where the user has no rights', async () => {
    await server.run('CREATE ROLE reader LOGIN PASSWORD \'r3ader\'')
    const readerUrl = url.replace(/\/\/[^@]*@/, '//reader:r3ader@')
    await expect(open(readerUrl)).rejects.toMatchObject(failedWith('not-writable'))
  })

  it('rejects a wrong password without telling it', async () => {
    const error: unknown = await open(url.replace(server.password, 'wr0ng')).catch((reason: unknown) => reason)
    expect(error).toMatchObject(failedWith('other'))
    expect(JSON.stringify(error) + String(error)).not.toContain('wr0ng')
  })

  it.each([
    ['topic_key', 'forward'], ['topic_key', 'backward'], ['pubsub_key', 'forward'], ['pubsub_key', 'backward']
  ] as const)('walks by %s %s along an index, without sorting more than pages', async (column, direction) => {
    const archive = await open()
    await archive.insert(Array.from({ length: 5000 }, (_, i) => makeMessage({ timestamp: BigInt(i), contentTopic: `/${i % 3}` })))
    await archive.close()
    await server.run('ANALYZE nwaku_desktop.messages', url)
    const [row] = await server.run(`SELECT ${column} AS key FROM nwaku_desktop.messages LIMIT 1`, url)
    for (const walks of [statements.readMessages, statements.readKeys]) {
      const values = [[row?.key], 100n, Buffer.alloc(0), 4000n, Buffer.alloc(33, 0xff), 21]
      const plan = (await server.run(`EXPLAIN (ANALYZE, TIMING OFF) ${walks[column][direction]}`, url, values)).map((step) => String(step['QUERY PLAN'])).join('\n')
      expect(plan).toMatch(/Index (Only )?Scan (Backward )?using messages_by_/)
      expect(plan).not.toMatch(/Seq Scan on messages/)
      const numRead = [...plan.matchAll(/actual rows=(\d+)/g)].map(([, rows]) => Number(rows))
      expect(Math.max(...numRead), plan).toBeLessThanOrEqual(21)
    }
  })
})
