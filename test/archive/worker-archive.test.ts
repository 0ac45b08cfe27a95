import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openArchive } from '../../src/archive/open-archive.js'
import { WorkerArchive } from '../../src/archive/worker-archive.js'
import { isWakuError } from '../../src/errors.js'
import { makeMessage } from '../helpers/make-message.js'
import { runProgram } from '../helpers/run-program.js'
import { makeTemporaryFolder } from '../helpers/temporary-folder.js'

describe('archive on a thread', () => {
  let folder: ReturnType<typeof makeTemporaryFolder>
  beforeEach(() => { folder = makeTemporaryFolder() })
  afterEach(() => { folder.remove() })

  it('is opened by its URL', async () => {
    const archive = await openArchive('sqlite://:memory:')
    expect(await archive.insert([makeMessage()])).toBe(1)
    await archive.close()
  })

  it('returns payloads that own their memory', async () => {
    const archive = await openArchive('sqlite://:memory:')
    await archive.insert([1n, 2n, 3n].map((timestamp) => makeMessage({ timestamp })))
    const { messages } = await archive.query({})
    expect(messages.map(({ message }) => message?.payload.buffer.byteLength)).toEqual([5, 5, 5])
    await archive.close()
  })

  it('carries errors of the engine over with code and details', async () => {
    const path = join(folder.path, 'broken.sqlite3')
    writeFileSync(path, 'no database'.repeat(1000))
    const error: unknown = await openArchive(`sqlite://${path}`).catch((reason: unknown) => reason)
    expect(isWakuError(error, 'WAKU_ARCHIVE_FAILED') && error.details).toEqual({ reason: 'corrupt', url: `sqlite://${path}` })
  })

  it('rejects the pending call and all later ones when its thread ends', async () => {
    const thread = join(folder.path, 'dying-thread.mjs')
    writeFileSync(thread, 'import { parentPort } from \'node:worker_threads\'\nparentPort.once(\'message\', () => process.exit(1))\n')
    const archive = new WorkerArchive(pathToFileURL(thread), { url: 'sqlite://:memory:', options: {} })
    const failed = { code: 'WAKU_ARCHIVE_FAILED', details: { reason: 'other' } }
    await expect(archive.open()).rejects.toMatchObject(failed)
    await expect(archive.insert([makeMessage()])).rejects.toMatchObject(failed)
    await expect(archive.query({})).rejects.toMatchObject(failed)
    await expect(archive.close()).resolves.toBeUndefined()
  })

  it('rejects the pending call when its thread throws', async () => {
    const thread = join(folder.path, 'throwing-thread.mjs')
    writeFileSync(thread, 'import { parentPort } from \'node:worker_threads\'\nparentPort.once(\'message\', () => { throw new Error(\'out of order\') })\n')
    const archive = new WorkerArchive(pathToFileURL(thread), { url: 'sqlite://:memory:', options: {} })
    await expect(archive.open()).rejects.toThrow('out of order')
  })

  it('keeps the process alive for a pending call, and no longer', async () => {
    const program = await runProgram('archive/programs/idle-archive.ts', [join(folder.path, 'archive.sqlite3')])
    expect(await program.lines.next()).toMatchObject({ value: 'kept 1' })
    expect(await program.exit).toBe(0)
    expect(program.errors(), 'warnings, too, are unwanted').toBe('')
  })

  it.each([
    'archive.sqlite3', 'sqlite://', 'sqlite:/tmp/x', 'mysql://localhost/x', 'postgres://localhost', 'postgres:///db', '', 'sqlite://a\0b'
  ])('refuses the URL %j', async (url) => {
    await expect(openArchive(url)).rejects.toMatchObject({ code: 'WAKU_INVALID_ARGUMENT', details: { argument: 'store.url' } })
  })

  it('never tells a password', async () => {
    // Nobody listens on the discard port of a test machine.
    const error: unknown = await openArchive('postgres://me:s3cret@127.0.0.1:9/db?password=s3cret').catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'WAKU_ARCHIVE_FAILED', details: { reason: 'connection-lost', url: 'postgres://me@127.0.0.1:9/db' } })
    expect(JSON.stringify(error) + String(error)).not.toContain('s3cret')
    await expect(openArchive('postgres://me:s3cret@')).rejects.not.toThrow('s3cret')
  })
})
