import { beforeAll, describe, expect, it } from 'vitest'
import type { Driver } from '../../src/backends/libwaku/drivers/driver.js'
import { buildProgram } from '../helpers/build-program.js'
import { runChild } from './helpers/child.js'
import { fakeLibrary } from './helpers/libraries.js'

/** Describes what is left of workers that end in a storm of events. */
export function describeWorkers (door: Driver['name']): void {
  describe(`workers that use ${door}`, () => {
    let program = ''
    beforeAll(async () => { program = await buildProgram('native/children/workers.ts') })

    it.each([['terminated', 'terminate'], ['ended by process.exit', 'exit']])('can be %s in a storm of events, 32 times, and their nodes end too', async (_, way) => {
      const { code, signal, stdout, stderr } = await runChild(program, [door, fakeLibrary('b'), '32', way], { deadlineMs: 60_000 })
      expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
      expect(JSON.parse(stdout)).toMatchObject({ live: '1', contexts: 1, sessions: 1, leakedContexts: 0 })
    }, 90_000)
  })
}
