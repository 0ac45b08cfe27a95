import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { describe, expect, it, onTestFinished } from 'vitest'
import { doors } from './helpers/doors.js'
import { fakeLibrary } from './helpers/libraries.js'
import { makeNode, provoke, until } from './helpers/nodes.js'

/** The sets of processors that the threads of this process may run on. */
function processors (): ReadonlySet<string> {
  const allowed = new Set<string>()
  for (const thread of readdirSync('/proc/self/task')) {
    try {
      allowed.add(/Cpus_allowed_list:\s*(\S+)/.exec(readFileSync(`/proc/self/task/${thread}/status`, 'utf8'))?.[1] ?? '')
    } catch {
      // It has ended.
    }
  }
  return allowed
}

const canTell = process.platform === 'linux' && availableParallelism() > 1
if (!canTell) console.log('SKIPPED: where threads may run is told on Linux only, and with one processor it makes no difference')

describe.runIf(canTell).each(['addon', 'koffi'] as const)('the thread that calls the library, through %s,', (door) => {
  it('stays with the library while many calls wait, and is free again afterwards', async () => {
    const driver = doors[door]()
    onTestFinished(() => driver.close())
    await driver.open(fakeLibrary('b'))
    const { context } = await makeNode(driver)
    const [anywhere] = processors()
    await provoke(context, 'sync')
    expect(processors()).toEqual(new Set([anywhere]))
    const calls = Promise.all(Array.from({ length: 30 }, async () => await provoke(context, 'busy:20')))
    await until('one that stays', () => processors().size === 2)
    await calls
    await until('the end of it', () => processors().size === 1)
    expect(processors()).toEqual(new Set([anywhere]))
  })
})
