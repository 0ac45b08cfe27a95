import { beforeAll, describe, expect, it } from 'vitest'
import { bundleChild, runChild, type Outcome } from './helpers/child.js'
import { fakeLibrary } from './helpers/libraries.js'

const line = 'a line of the fake library\n'

describe.each(['addon', 'koffi'] as const)('a host of the library, through %s,', (door) => {
  let program = ''
  beforeAll(() => { program = bundleChild('host') })

  const run = async (...args: string[]): Promise<Outcome> => runChild(program, [door, fakeLibrary('a'), ...args])

  it.each([
    ['keeps its standard output to itself', '', '', ''],
    ['can have what the library prints on standard error', 'stderr', '', line],
    ['can let the library print on standard output', 'inherit', line, '']
  ])('%s', async (_, output, onStdout, onStderr) => {
    await expect(run('output', output)).resolves.toEqual({ code: 0, signal: null, stdout: `${onStdout}a line of the host\n`, stderr: onStderr })
  })

  it('hears the signals that it listens to, although the library takes them over', async () => {
    await expect(run('signals')).resolves.toMatchObject({ code: 0, stdout: 'SIGHUP,SIGINT,SIGINT,SIGTERM\n', stderr: '' })
  })

  it.each([['segv', null, 'SIGSEGV'], ['abort', null, 'SIGABRT'], ['exit:3', 3, null]])('ends as the library does, with %s', async (crash, code, signal) => {
    await expect(run('crash', crash)).resolves.toMatchObject({ code, signal })
  })
})
