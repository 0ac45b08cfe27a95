import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildProgram } from '../helpers/build-program.js'
import { realLibrary } from '../native/helpers/libraries.js'
import { killerInputGroups } from './killers/killer-inputs.js'

// Every input of which it is known that it ends, hangs or deceives a process that hands it to the library as it is. Each is tried through
// the public API in a child process, which has to survive it.
const { path: libraryPath, skip } = realLibrary()

interface Result { readonly generation: 'A' | 'B' | 'C' }

/** Nodes take the library ten seconds to destroy, and it works with few open files only: so many inputs a process. */
const inputsPerProcess = 8

describe.skipIf(libraryPath === undefined)(`an application survives${skip === false ? '' : ` (skipped: ${skip})`}`, () => {
  let program = ''
  let child: ChildProcess | undefined
  let numTried = 0
  beforeAll(async () => { program = await buildProgram('backends/killers/survivor.ts') })
  afterAll(() => { child?.kill() })

  async function attempt (title: string): Promise<Result> {
    if (numTried++ % inputsPerProcess === 0 || child?.connected !== true) {
      child?.kill()
      child = fork(program, [libraryPath ?? ''], { stdio: 'ignore' })
    }
    const ended = once(child, 'exit').then(([code, signal]: unknown[]) => { throw new Error(`the process ended with ${String(signal ?? code)}`) })
    const answered = once(child, 'message').then(([answer]: unknown[]) => answer as Result)
    child.send(title)
    ended.catch(() => {})
    return await Promise.race([answered, ended])
  }

  describe.each(Object.entries(killerInputGroups))('%s:', (_, inputs) => {
    test.each(inputs.map(({ title, outcome }) => [title, outcome] as const))('%s', async (title, outcome) => {
      const result = await attempt(title)
      expect(result).toEqual({ outcome: typeof outcome === 'string' ? outcome : outcome[result.generation], works: true, generation: result.generation })
    })
  })
})
