import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ProcessBackend } from '../../src/backends/process/backend.js'
import { remoteBackend } from '../../src/backends/process/remote-backend.js'
import { resolveOptions } from '../../src/config.js'
import { expectRejection } from '../helpers/expect-rejection.js'
import { untilEqual } from '../helpers/until.js'
import { countDescriptors, hostPidsOf, isAlive } from './helpers/processes.js'
import { noSignal, openScripted, scriptedHost, startScripted } from './helpers/scripted.js'

describe('closing', () => {
  test('closes the backend and ends its process, and does so once', async () => {
    const { backend, asked, told } = await startScripted()
    const pid = await backend.ping('', noSignal)
    await backend.stop()
    await Promise.all([backend.close(), backend.close()])
    await backend.close()
    expect(isAlive(pid)).toBe(false)
    expect(asked().filter((line) => line === 'close')).toHaveLength(1)
    expect(told.exited).toEqual([])
  })

  test.each([
    ['does not answer any more', {}, 'loop'],
    ['is stopped', {}, 'signal SIGSTOP'],
    ['closes for ever', { agent: 'never closes' }, '']
  ])('ends a process that %s, by force', async (_, options, script) => {
    const { backend, told } = await startScripted(options)
    const pid = await backend.ping('', noSignal)
    backend.ping(script, noSignal).catch(() => {})
    await backend.close()
    expect(isAlive(pid)).toBe(false)
    expect(told.restarted).toEqual([])
  })

  test('while a process is replaced leaves none behind', async () => {
    const { backend, told } = await startScripted()
    process.kill(await backend.ping('', noSignal), 'SIGKILL')
    await untilEqual(() => told.exited.length, 1)
    await backend.close()
    expect(hostPidsOf(process.pid)).toEqual([])
    expect(told.restarted).toEqual([])
  })

  test('a hundred times leaves no process and no descriptor behind', async () => {
    const [kind, config] = [await scriptedHost(), resolveOptions({})]
    const cycle = async (): Promise<void> => {
      const backend = await ProcessBackend.open(config, kind)
      await backend.start([], noSignal)
      await backend.close()
    }
    await cycle()
    const before = process.getActiveResourcesInfo().length
    const numDescriptors = countDescriptors()
    for (let round = 0; round < 25; round++) await Promise.all([cycle(), cycle(), cycle(), cycle()])
    expect(hostPidsOf(process.pid)).toEqual([])
    // What the test runner itself has open varies by a few; a leak would be a hundred.
    await untilEqual(() => process.getActiveResourcesInfo().length <= before + 10, true)
    await untilEqual(() => countDescriptors() <= numDescriptors + 10, true)
  }, 120_000)
})

describe('stopping', () => {
  test('a backend that never stops ends its process, and the next start has a new one', async () => {
    const { backend, told } = await startScripted({ agent: 'never stops' })
    await backend.stop()
    expect(told.exited).toMatchObject([{ reason: 'hang', restartInMs: null }])
    await backend.start([], noSignal)
    expect(await backend.getPeersInMesh('mesh')).toEqual(['mesh'])
  })

  test('while a process is replaced leaves the node stopped', async () => {
    const { backend, told } = await startScripted()
    process.kill(await backend.ping('', noSignal), 'SIGKILL')
    await untilEqual(() => told.exited.length, 1)
    await backend.stop()
    await expectRejection(backend.getPeers(), 'WAKU_NOT_STARTED')
    expect(told.restarted).toEqual([])
    await backend.start([], noSignal)
    expect(await backend.getPeers()).toEqual([])
  })
})

describe('opening', () => {
  test('rejects with what the backend refuses with, and leaves no process behind', async () => {
    await expectRejection(openScripted({ agent: 'refuses' }), 'WAKU_UNAVAILABLE', { attempts: [{ path: '/lib', reason: 'missing' }] })
    await untilEqual(() => hostPidsOf(process.pid), [])
  })

  test('rejects when the process ends at once', async () => {
    await expectRejection(openScripted({ agent: 'dies at once' }), 'WAKU_BACKEND_LOST', { operation: 'open', reason: 'exit', code: 2 })
  })

  test('rejects when there is no such module', async () => {
    const opened = ProcessBackend.open(resolveOptions({}), remoteBackend(pathToFileURL('/nowhere/host.js')))
    await expectRejection(opened, 'WAKU_BACKEND_LOST', { operation: 'open', reason: 'exit', code: 1 })
  })
})
