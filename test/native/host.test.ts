import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildProgram } from '../helpers/build-program.js'
import { runChild, type Outcome } from './helpers/child.js'
import { fakeLibrary, root } from './helpers/libraries.js'

function isGlibc (): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime !== undefined
}

const line = 'a line of the fake library\n'

describe.each(['addon', 'koffi'] as const)('a host of the library, through %s,', (door) => {
  let program = ''
  beforeAll(async () => { program = await buildProgram('native/children/host.ts') })

  const run = async (...args: string[]): Promise<Outcome> => runChild(program, [door, fakeLibrary('a'), ...args])

  it.each([
    ['keeps its standard output to itself', '', '', ''],
    ['can have what the library prints on standard error', 'stderr', '', line],
    ['can let the library print on standard output', 'inherit', line, '']
  ])('%s', async (_, output, onStdout, onStderr) => {
    await expect(run('output', output)).resolves.toEqual({ code: 0, signal: null, stdout: `${onStdout}a line of the host\n`, stderr: onStderr })
  })

  it.runIf(isGlibc())('may bring its own allocator, as Electron does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-'))
    const allocator = join(folder, 'allocator.so')
    execFileSync(process.env['CC'] ?? 'cc', ['-O1', '-shared', '-fPIC', join(root, 'native/test/allocator.c'), '-o', allocator])
    const outcome = await runChild(program, [door, fakeLibrary('a'), 'output'], { env: { LD_PRELOAD: allocator } })
    expect(outcome).toEqual({ code: 0, signal: null, stdout: 'a line of the host\n', stderr: '' })
    rmSync(folder, { recursive: true })
  })

  it('may make its first nodes all at once, although the library cannot be entered while it starts', async () => {
    // In this generation each has one thread that made it and one that calls it.
    await expect(run('together')).resolves.toEqual({ code: 0, signal: null, stdout: '16\n', stderr: '' })
  })

  it('hears the signals that it listens to, although the library takes them over', async () => {
    await expect(run('signals')).resolves.toMatchObject({ code: 0, stdout: 'SIGHUP,SIGINT,SIGINT,SIGTERM\n', stderr: '' })
  })

  it.each([['segv', null, 'SIGSEGV'], ['abort', null, 'SIGABRT'], ['exit:3', 3, null]])('ends as the library does, with %s', async (crash, code, signal) => {
    await expect(run('crash', crash)).resolves.toMatchObject({ code, signal })
  })
})
