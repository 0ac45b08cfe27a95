import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CliProcess, endCliProcesses } from '../helpers/cli-process.js'
import { realLibrary } from '../native/helpers/libraries.js'

// Whole processes, several in a test, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 })

const library = realLibrary()
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-test-'))
  process.env['TMPDIR'] = folder
})

afterEach(async () => {
  await endCliProcesses()
  delete process.env['TMPDIR']
  rmSync(folder, { recursive: true, force: true })
})

describe('the demo', () => {
  it('tells of a talk, an absence and a return, and leaves nothing behind', async () => {
    const demo = new CliProcess()
    expect(await demo.exited()).toBe(0)
    for (const sentence of [
      /^Backend: js \(.+\): .+\.$/m,
      /^ {2}Anna: Good morning, Ben\. .* ms to Ben$/m,
      /^ {2}Ben: Ten is good\. .* ms to Anna$/m,
      /^Ben stops his node and is away/m,
      /^ {2}Cleo: Gladly! .* ms to Anna$/m,
      /^Ben asks Anna's store what was said while he was away .* ms\n {2}Cleo, will you come .*\n {2}Gladly!/m,
      /^All messages arrived, and Ben missed nothing\. The whole took +\d+ ms$/m
    ]) expect(demo.stdout).toMatch(sentence)
    expect(demo.stderr).toBe('')
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(library.skip !== false)('runs on libwaku where it is found, and says so', async () => {
    process.env['NWAKU_LIBRARY_PATH'] = library.path
    try {
      const demo = new CliProcess()
      expect(await demo.exited()).toBe(0)
      expect(demo.stdout).toMatch(/^Backend: libwaku \(.+\): nwaku itself, through its library\.$/m)
      expect(demo.stdout).toMatch(/^ {2}Ben: Eleven it is\. .* ms to Anna$/m)
    } finally {
      delete process.env['NWAKU_LIBRARY_PATH']
    }
  })

  it('tells the same as JSON, one object a line', async () => {
    const demo = new CliProcess('--json')
    expect(await demo.exited()).toBe(0)
    const events = demo.stdout.trim().split('\n').map((line) => JSON.parse(line) as { event: string, ms?: number })
    expect(events.map(({ event }) => event).filter((event) => event !== 'step')).toEqual(
      ['backend', 'message', 'message', 'message', 'message', 'found', 'found', 'message', 'done'])
    expect(events.at(-1)?.ms).toBeGreaterThan(0)
  })

  it('stops cleanly on SIGINT', async () => {
    const demo = new CliProcess()
    await demo.printed(/Anna listens at/)
    demo.kill('SIGINT')
    expect(await demo.exited()).toBe(130)
    expect(demo.stdout).not.toContain('All messages arrived')
    expect(demo.stderr).toBe('')
    expect(readdirSync(folder)).toEqual([])
  })

  it('says in one sentence what failed', async () => {
    process.env['TMPDIR'] = join(folder, 'there-is-none')
    const demo = new CliProcess()
    expect(await demo.exited()).toBe(1)
    expect(demo.stderr).toMatch(/^nwaku-desktop: .*there-is-none.*\n$/)
  })
})
