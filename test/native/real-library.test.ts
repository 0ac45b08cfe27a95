import { beforeAll, describe, expect, it } from 'vitest'
import { buildProgram } from '../helpers/build-program.js'
import { runChild } from './helpers/child.js'
import { realLibrary } from './helpers/libraries.js'

const real = realLibrary()

describe.skipIf(real.skip !== false).each(['addon', 'koffi'] as const)(`the real library${real.skip === false ? '' : ` (skipped: ${real.skip})`}, through %s,`, (door) => {
  let program = ''
  beforeAll(async () => { program = await buildProgram('native/children/real.ts') })

  async function run (what: string, count = 1, deadlineMs = 180_000): Promise<unknown> {
    const { code, signal, stdout, stderr } = await runChild(program, [door, real.path ?? '', what, String(count)], { deadlineMs })
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
    return JSON.parse(stdout) as unknown
  }

  it('creates two nodes that exchange messages, prints nothing, and ends', async () => {
    const both = ['from alice', 'from bob']
    await expect(run('smoke')).resolves.toMatchObject({
      version: expect.stringMatching(/./) as string,
      hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string,
      alice: both,
      bob: both,
      stats: { contexts: 0, openRequests: 0, leakedContexts: 0 }
    })
  }, 130_000)

  it('carries 100 000 messages, 128 of them open at most, and loses none', async () => {
    await expect(run('load', 100_000, 400_000)).resolves.toMatchObject({ different: 100_000, received: 100_000, echoed: 100_000 })
  }, 410_000)

  it('creates and destroys 20 nodes, four at once, and loses no more than its own five descriptors with each', async () => {
    const { descriptors, memory, stats } = await run('cycles', 20) as { descriptors: number[], memory: number[], stats: { dispatchers: number } }
    expect(stats).toMatchObject({ contexts: 0, leakedContexts: 0, openRequests: 0 })
    // In A each node has a second one, which made it.
    expect(stats.dispatchers).toBeLessThanOrEqual(8)
    expect((descriptors.at(-1) ?? NaN) - (descriptors[0] ?? NaN)).toBeLessThanOrEqual(16 * 5)
    expect((memory.at(-1) ?? NaN) / (memory[2] ?? NaN)).toBeLessThan(1.1)
  }, 190_000)

  it('leaves SIGINT to its host', async () => {
    await expect(run('signals')).resolves.toMatchObject({ heard: ['SIGINT', 'SIGINT'] })
  }, 130_000)

  it('that cannot read its configuration says so without the key in it', async () => {
    const { outcome } = await run('failure') as { outcome: { code: string } }
    expect(outcome.code).toBe('WAKU_LIBRARY_ERROR')
    expect(JSON.stringify(outcome)).not.toContain('ab'.repeat(32))
  }, 130_000)

  it('does not crash a process that exits with a started node', async () => {
    for (let i = 0; i < 5; i++) {
      expect(await runChild(program, [door, real.path ?? '', 'exit'], { deadlineMs: 60_000 }), `exit ${i}`).toMatchObject({ code: 7, signal: null })
    }
  }, 310_000)
})
