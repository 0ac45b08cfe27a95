import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectRejection } from '../helpers/expect-rejection.js'
import { makeTemporaryFolder } from '../helpers/temporary-folder.js'
import { probeLibrary } from '../../src/backends/libwaku/probe/probe-library.js'
import { fakeLibrary, realLibrary } from './helpers/libraries.js'

let folder: ReturnType<typeof makeTemporaryFolder>
beforeEach(() => { folder = makeTemporaryFolder() })
afterEach(() => folder.remove())

/** Compiles a library whose opening never ends. */
function hangingLibrary (): string {
  const path = join(folder.path, 'libwaku.so')
  execFileSync('cc', ['-shared', '-fPIC', '-o', path, '-x', 'c', '-'], { input: '#include <unistd.h>\n__attribute__((constructor)) static void f (void) { for (;;) pause (); }' })
  return path
}

describe('probing a library', () => {
  it.each([['addon', 'a', 'A'], ['addon', 'b', 'B'], ['addon', 'c', 'C'], ['koffi', 'b', 'B']] as const)('tells through %s what the fake library %s is', async (door, name, generation) => {
    const path = fakeLibrary(name)
    const result = await probeLibrary({ doors: [door], library: path, version: true })
    expect(result).toMatchObject({ driver: { name: door }, library: { generation, path }, version: expect.any(String) as unknown })
    expect(result.failure).toBeUndefined()
  })

  it('kills one that hangs when its time is up', async () => {
    const { driver, failure } = await probeLibrary({ library: hangingLibrary(), timeoutMs: 4000 })
    expect(driver?.name).toBe('addon')
    expect(failure).toMatchObject({ step: 'open', reason: 'it gave no answer within 4000 ms', isUnknown: false })
  })

  it('is given up when the caller gives up', async () => {
    const controller = new AbortController()
    const probing = expectRejection(probeLibrary({ library: hangingLibrary(), signal: controller.signal }), 'WAKU_ABORTED', { operation: 'probe' })
    controller.abort()
    await probing
    await expectRejection(probeLibrary({ signal: AbortSignal.abort() }), 'WAKU_ABORTED')
  })

  const real = realLibrary()
  it.skipIf(real.skip)('tells the version of a real library', async () => {
    expect((await probeLibrary({ library: real.path, version: true })).version).toMatch(/^v\d+\.\d+\.\d+/)
  })
})
