import { beforeAll, describe, expect, it } from 'vitest'
import type { Driver, DriverStats } from '../../src/backends/libwaku/drivers/driver.js'
import { buildProgram } from '../helpers/build-program.js'
import { runChild } from './helpers/child.js'
import { fakeLibrary } from './helpers/libraries.js'

interface Left extends DriverStats {
  readonly descriptors: number
  readonly samples: readonly number[]
}

/** Describes what is left after many nodes, many sessions and much garbage. */
export function describeEndurance (door: Driver['name']): void {
  describe(`much use of ${door}`, () => {
    let program = ''
    beforeAll(async () => { program = await buildProgram('native/children/endurance.ts') })

    async function run (what: string, count: number): Promise<Left> {
      // V8's room for what is young would grow in steps of megabytes, whenever it takes to.
      const nodeOptions = ['--expose-gc', '--max-semi-space-size=1']
      const { code, signal, stdout, stderr } = await runChild(program, [door, fakeLibrary('b'), what, String(count)], { nodeOptions, deadlineMs: 100_000 })
      expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
      return JSON.parse(stdout) as Left
    }

    it('creates and closes 10 000 nodes with memory flat, no thread more and no descriptor lost', async () => {
      const left = await run('nodes', 10_000)
      expect(left).toMatchObject({ contexts: 0, leakedContexts: 0, openRequests: 0, lostReplies: 0, descriptors: 0, dispatchers: 1 })
      expect(growth(left.samples)).toBeLessThan(0.05)
    }, 120_000)

    it('opens and closes 500 drivers with memory flat and no descriptor lost', async () => {
      const left = await run('sessions', 500)
      expect(left).toMatchObject({ leakedContexts: 0, sessions: 1, descriptors: 0 })
      expect(growth(left.samples)).toBeLessThan(0.05)
    }, 120_000)

    it('loses no answer and no event to the garbage collector', async () => {
      await expect(run('forgetful', 50)).resolves.toMatchObject({ contexts: 50, openRequests: 0, lostReplies: 0 })
    }, 60_000)
  })
}

/** By how much memory grew over the second half, as a part of it. */
function growth (samples: readonly number[]): number {
  const third = samples.slice(samples.length / 2, samples.length * 3 / 4)
  const last = samples.slice(samples.length * 3 / 4)
  return median(last) / median(third) - 1
}

function median (values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
