import { describe, expect, test } from 'vitest'
import type { BackendExit } from '../../src/events.js'
import { expectRejection } from '../helpers/expect-rejection.js'
import { until, untilEqual } from '../helpers/until.js'
import { noSignal, openScripted, startScripted, type Scripted } from './helpers/scripted.js'

describe('a process that ends', () => {
  test.each([
    ['a segmentation fault', 'signal SIGSEGV', { reason: 'crash', code: null, signal: 'SIGSEGV' }],
    ['an abort', 'signal SIGABRT', { reason: 'crash', code: null, signal: 'SIGABRT' }],
    ['a kill', 'signal SIGKILL', { reason: 'crash', code: null, signal: 'SIGKILL' }],
    ['an exit', 'exit 7', { reason: 'exit', code: 7, signal: null }],
    ['an exit that says all is well', 'exit 0', { reason: 'exit', code: 0, signal: null }],
    ['an exception that nobody catches', 'throw', { reason: 'exit', code: 1, signal: null }]
  ] as const)('by %s is told and replaced', async (_, script, exit) => {
    const scripted = await startScripted()
    const pid = await scripted.backend.ping('', noSignal)
    const rejected = expectRejection(scripted.backend.ping(script, noSignal), 'WAKU_BACKEND_LOST', { operation: 'ping', pid, ...exit })
    expect(await nextExit(scripted)).toEqual({ ...exit, pid, restartInMs: 0 })
    await rejected
    await untilReplaced(scripted)
    expect(await scripted.backend.ping('', noSignal)).not.toBe(pid)
  })

  test.each([
    ['an endless loop', 'loop'],
    ['a stop', 'signal SIGSTOP'],
    ['a library that does not answer', 'unresponsive']
  ])('because of %s counts as hung, once it has been told', async (_, script) => {
    const scripted = await startScripted({ process: { hangTimeoutMs: 500 } })
    scripted.backend.ping(script, noSignal).catch(() => {})
    expect(await nextExit(scripted)).toMatchObject({ reason: 'hang', signal: 'SIGKILL', restartInMs: 0 })
    await untilReplaced(scripted)
    await untilEqual(() => scripted.told.unresponsive, [true, false])
  })

  test('because of its memory is told so', async () => {
    // To touch that much memory for the first time alone takes a virtual machine half a second, in which a process does not answer.
    const scripted = await startScripted({ process: { hangTimeoutMs: 3000, maxMemoryBytes: 300 * 1024 * 1024 } })
    await scripted.backend.ping('allocate 100', noSignal)
    expect(scripted.told.exited).toEqual([])
    scripted.backend.ping('allocate 200', noSignal).catch(() => {})
    expect(await nextExit(scripted)).toMatchObject({ reason: 'memory', signal: 'SIGKILL' })
    await untilReplaced(scripted)
  })

  test('again and again is replaced more and more slowly', async () => {
    const scripted = await startScripted()
    const delays: Array<number | null> = []
    for (let count = 1; count <= 4; count++) {
      await scripted.backend.ping('exit 1', noSignal).catch(() => {})
      await until(() => { expect(scripted.told.restarted).toHaveLength(count) })
      delays.push(scripted.told.exited.at(-1)?.restartInMs ?? null)
    }
    expect(delays).toEqual([0, 100, 250, 500])
  })

  test('while it is not started is replaced by the next start', async () => {
    const scripted = await startScripted()
    const pid = await scripted.backend.ping('', noSignal)
    await scripted.backend.stop()
    process.kill(pid, 'SIGKILL')
    expect(await nextExit(scripted)).toMatchObject({ reason: 'crash', restartInMs: null })
    expect(scripted.told.restarted).toEqual([])
    await scripted.backend.start([], noSignal)
    expect(await scripted.backend.ping('', noSignal)).not.toBe(pid)
  })

  test('at the start rejects the start, and nothing is restarted', async () => {
    const scripted = await openScripted({ agent: 'dies at start' })
    await expectRejection(scripted.backend.start([], noSignal), 'WAKU_BACKEND_LOST', { operation: 'start', reason: 'exit', code: 3 })
    await scripted.backend.stop()
    await expectRejection(scripted.backend.start([], noSignal), 'WAKU_BACKEND_LOST', { operation: 'start', reason: 'exit', code: 3 })
    expect(scripted.told.restarted).toEqual([])
  })
})

async function nextExit ({ told }: Scripted): Promise<BackendExit> {
  return await until(() => {
    const [exit] = told.exited
    if (exit === undefined) throw new Error('no exit has been told')
    return exit
  })
}

async function untilReplaced ({ backend, told }: Scripted): Promise<void> {
  await until(() => { expect(told.restarted).toHaveLength(told.exited.length) })
  expect(told.restarted.at(-1)?.pid).toBe(await backend.ping('', noSignal))
}
