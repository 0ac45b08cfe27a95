import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectRejection } from '../helpers/expect-rejection.js'
import type { Progress } from '../../src/fetch-libwaku/download.js'
import { useFetching } from './helpers/fetching.js'
import { debOf, elfLibrary, tarGzOf } from './helpers/packages.js'
import { breaksAfter, debName, file, sha256 } from './helpers/release-server.js'

const fetching = useFetching()
const library = elfLibrary({ size: 300_000 })
const deb = debOf(await tarGzOf({ name: './libwaku.so', content: library }))
const half = Math.floor(deb.length / 2)
const files = `/files/${debName}`

/** What was asked for of the file, without the rest. */
function asked (): string[] {
  return fetching.server.log.filter((line) => line.startsWith(files)).map((line) => line.slice(files.length).trim())
}

/** Fetches, gives up once something has arrived, and leaves that. */
async function beginWith (handler = breaksAfter(deb, half, () => undefined)): Promise<void> {
  const controller = new AbortController()
  fetching.server.release([{ content: deb, handler }])
  const onProgress = ({ receivedBytes }: Progress): void => { if (receivedBytes > 0) controller.abort(new Error('enough')) }
  await expectRejection(fetching.fetch({ signal: controller.signal, onProgress }), 'WAKU_ABORTED', { operation: 'fetch' })
  fetching.server.log.length = 0
}

async function goOn (handler = file(deb)): Promise<void> {
  fetching.server.on(files, handler)
  const { path } = await fetching.fetch()
  expect(readFileSync(path).equals(library)).toBe(true)
  expect(fetching.files()).toEqual(['fetched.json', 'libwaku.so'])
}

describe('a download that was interrupted', () => {
  it('goes on where it was when the connection breaks', async () => {
    let first: ServerResponse | undefined
    const [breaks, serves] = [breaksAfter(deb, half, (response) => { first = response }), file(deb)]
    fetching.server.release([{ content: deb, handler: (...args) => args[2] === 0 ? breaks(...args) : serves(...args) }])
    await fetching.fetch({ limits: { stallTimeoutMs: 5000 }, onProgress: ({ receivedBytes }) => { if (receivedBytes > 0) first?.socket?.destroy() } })
    expect(asked()).toEqual(['', expect.stringMatching(/^bytes=[1-9]\d*-$/)])
  })

  it('goes on where it was in the next run', async () => {
    await beginWith()
    await goOn()
    expect(asked()).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)])
  })

  it('goes on in the next run after one that was killed', async () => {
    await beginWith()
    const parked = fetching.files().find((name) => /^\.partial\/[^/]+$/.test(name)) ?? ''
    const { pid } = spawnSync(process.execPath, ['--version'])
    renameSync(join(fetching.folder, parked), join(fetching.folder, `.partial/${sha256(deb)}.${pid}.00ff`))
    await goOn()
    expect(asked()).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)])
  })

  it('leaves alone what a running process is at', async () => {
    await beginWith()
    const parked = fetching.files().find((name) => /^\.partial\/[^/]+$/.test(name)) ?? ''
    renameSync(join(fetching.folder, parked), join(fetching.folder, `.partial/${sha256(deb)}.${process.ppid}.00ff`))
    fetching.server.on(files, file(deb))
    await fetching.fetch()
    expect(asked()).toEqual([''])
    expect(fetching.files()).toContain(`.partial/${sha256(deb)}.${process.ppid}.00ff/data`)
  })

  it('begins anew when the file has changed its entity tag', async () => {
    await beginWith()
    await goOn(file(deb, '"two"'))
    expect(asked()).toEqual([expect.stringMatching(/^bytes=/)])
  })

  it('begins anew when the server knows no ranges', async () => {
    await beginWith()
    await goOn((_request, response) => response.writeHead(200, { 'content-length': deb.length }).end(deb))
  })

  it('begins anew, without asking for a range, when the server names no state of the file', async () => {
    await beginWith((_request, response) => {
      response.writeHead(200, { 'content-length': deb.length })
      response.write(deb.subarray(0, half))
    })
    await goOn()
    expect(asked()).toEqual([''])
  })

  it('begins anew when the server sends another range than the one asked for', async () => {
    await beginWith()
    const serves = file(deb)
    await goOn((request, response, numBefore) => request.headers.range === undefined
      ? serves(request, response, numBefore)
      : response.writeHead(206, { 'content-range': `bytes 5-${deb.length - 1}/${deb.length}` }).end(deb.subarray(5)))
  })

  it('begins anew when what was there turns out to be wrong', async () => {
    await beginWith()
    const data = fetching.files().find((name) => name.endsWith('data')) ?? ''
    writeFileSync(join(fetching.folder, data), Buffer.alloc(readFileSync(join(fetching.folder, data)).length))
    await goOn()
    expect(asked()).toEqual([expect.stringMatching(/^bytes=/), ''])
  })

  it('begins anew when there is more than the file has', async () => {
    await beginWith()
    const data = fetching.files().find((name) => name.endsWith('data')) ?? ''
    writeFileSync(join(fetching.folder, data), Buffer.alloc(deb.length + 10))
    await goOn()
  })

  it('takes a complete file for what it is, and asks for nothing', async () => {
    await beginWith()
    const data = fetching.files().find((name) => name.endsWith('data')) ?? ''
    writeFileSync(join(fetching.folder, data), deb)
    await goOn()
    expect(asked()).toEqual([])
  })

  it('clears away what a process left that was killed while it unpacked', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    mkdirSync(fetching.folder)
    writeFileSync(join(fetching.folder, `.fetching-${pid}-00ff`), 'half a library')
    fetching.server.release([{ content: deb }])
    await goOn()
  })

  it('keeps what has arrived when the caller gives up', async () => {
    await beginWith()
    expect(fetching.files()).toEqual(['.partial', `.partial/${sha256(deb)}.part`, `.partial/${sha256(deb)}.part/data`, `.partial/${sha256(deb)}.part/validator`])
    await goOn()
  })

  it('does nothing at all when the caller has given up before', async () => {
    await expectRejection(fetching.fetch({ signal: AbortSignal.abort() }), 'WAKU_ABORTED')
    expect([fetching.server.log, fetching.files()]).toEqual([[], []])
  })
})
