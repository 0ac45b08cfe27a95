import { beforeAll, describe, expect, it } from 'vitest'
import type { Driver } from '../../src/backends/libwaku/drivers/driver.js'
import { buildProgram } from '../helpers/build-program.js'
import { runChild } from './helpers/child.js'
import { fakeLibrary } from './helpers/libraries.js'

/** What a process prints before it ends by itself. */
const stages: Record<string, string> = {
  'before open': '',
  'after open': '',
  'while creating': 'created\n',
  'created': '',
  'with events flowing': '',
  'started': 'still alive\n',
  'started, with events flowing': 'still alive\n',
  'with a call pending': 'late\n',
  'with a call given up': 'WAKU_TIMEOUT\n',
  'with a call that hangs given up': 'WAKU_TIMEOUT\n',
  'while destroying': 'destroyed\n',
  'while destroying, with events flowing': 'destroyed\n',
  'destroyed': '',
  'closed': '',
  'closed, with events flowing': ''
}

/** Describes how a process ends, wherever in a node's life it does. */
export function describeExit (door: Driver['name']): void {
  describe(`a process that uses ${door}`, () => {
    let program = ''
    beforeAll(async () => { program = await buildProgram('native/children/stages.ts') })

    const end = async (stage: string, way: string): ReturnType<typeof runChild> => runChild(program, [door, fakeLibrary('b'), stage, way])

    it.each(Object.entries(stages))('ends by itself %s, once nothing is pending or started', async (stage, printed) => {
      await expect(end(stage, 'idle')).resolves.toMatchObject({ code: 0, signal: null, stdout: printed })
    })

    it.each(Object.keys(stages))('ends with process.exit %s', async (stage) => {
      for (let run = 0; run < 3; run++) expect(await end(stage, 'exit'), `run ${run}`).toMatchObject({ code: 7, signal: null })
    })

    it.each(Object.keys(stages))('ends with an uncaught error %s', async (stage) => {
      await expect(end(stage, 'throw')).resolves.toMatchObject({ code: 1, signal: null, stderr: expect.stringContaining('on purpose') as string })
    })

    it.each(['created', 'started, with events flowing'])('ends with SIGTERM %s', async (stage) => {
      await expect(end(stage, 'signal')).resolves.toMatchObject({ code: null, signal: 'SIGTERM' })
    })
  })
}
