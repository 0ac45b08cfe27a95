import { describe, expect, test } from 'vitest'
import { expectRejection } from '../helpers/expect-rejection.js'
import { pubsubTopic } from '../helpers/nodes.js'
import { until, untilEqual } from '../helpers/until.js'
import { noSignal, openScripted, startScripted } from './helpers/scripted.js'

describe('a call to a process', () => {
  test('that ends meanwhile is made again when it changes nothing', async () => {
    const { backend, told } = await startScripted()
    process.kill(await backend.ping('', noSignal), 'SIGKILL')
    expect(await backend.getPeersInMesh('mesh')).toEqual(['mesh'])
    expect(told.exited).toHaveLength(1)
  })

  test('that ends because of it rejects in the end', async () => {
    const { backend, told } = await startScripted()
    await expectRejection(backend.getPeersInMesh('ends the process'), 'WAKU_BACKEND_LOST', { operation: 'getPeersInMesh', code: 5 })
    await until(() => { expect(told.restarted).toHaveLength(2) })
    expect(await backend.getPeersInMesh('mesh')).toEqual(['mesh'])
  })

  test('that is not there at the moment waits for the next', async () => {
    const { backend, told } = await startScripted()
    const pid = await backend.ping('', noSignal)
    process.kill(pid, 'SIGKILL')
    await untilEqual(() => told.exited.length, 1)
    expect(await backend.ping('', noSignal)).not.toBe(pid)
  })

  test('that is given up rejects with the reason, and the backend is told', async () => {
    const { backend, asked } = await startScripted()
    const controller = new AbortController()
    const rejected = expect(backend.ping('wait', controller.signal)).rejects.toThrow('changed my mind')
    await backend.getEnr()
    controller.abort(new Error('changed my mind'))
    await rejected
    await until(() => { expect(asked()).toContain('aborted Error: changed my mind') })
  })

  test('that is to start it waits until the process has given the start up', async () => {
    const { backend, asked } = await openScripted({ agent: 'slow to start' })
    const controller = new AbortController()
    const started = expect(backend.start([], controller.signal)).rejects.toThrow('not today')
    await untilEqual(asked, ['start'])
    controller.abort(new Error('not today'))
    await started
    await backend.stop()
    expect(asked()).toEqual(['start', 'stop'])
  })

  test('rejects with the error of the backend, its code, details and cause', async () => {
    const { backend } = await startScripted()
    const error = await expectRejection(backend.queryStore({}, undefined, noSignal), 'WAKU_STORE_FAILED', { statusCode: 503, statusDesc: 'tired' })
    expect(error.cause).toMatchObject({ message: 'late hours' })
    await expect(backend.ping('reject', noSignal)).rejects.toMatchObject({ name: 'TypeError', message: 'not a script' })
  })

  test('waits no longer when the node stops while there is none', async () => {
    const { backend, told } = await startScripted()
    process.kill(await backend.ping('', noSignal), 'SIGKILL')
    await untilEqual(() => told.exited.length, 1)
    const waiting = expectRejection(backend.getPeers(), 'WAKU_NOT_STARTED')
    await backend.stop()
    await waiting
  })
})

describe('a process that is replaced', () => {
  test('has joined the topics that are wanted by then, and no others', async () => {
    const { backend, asked, told } = await startScripted({}, ['a', 'b'])
    await backend.subscribe('c')
    await backend.unsubscribe('a')
    process.kill(await backend.ping('', noSignal), 'SIGKILL')
    await untilEqual(() => told.restarted.length, 1)
    expect(asked()).toEqual(expect.arrayContaining(['start a,b', 'subscribe c', 'unsubscribe a', 'start b,c']))
  })

  test('joins topics that are asked for while there is none', async () => {
    const { backend, asked, told } = await startScripted({}, ['a'])
    process.kill(await backend.ping('', noSignal), 'SIGKILL')
    await untilEqual(() => told.exited.length, 1)
    await Promise.all([backend.subscribe('b'), backend.unsubscribe('a')])
    expect(asked().filter((line) => line !== 'queryStore').join()).toMatch(/^start a,start (b|a,subscribe b,unsubscribe a)$/)
  })

  test('is connected to peers that were dialled, and not to those that were disconnected', async () => {
    const { backend, asked, told } = await startScripted()
    await backend.dial('/ip4/127.0.0.1/tcp/1/p2p/one', noSignal)
    await backend.dial('/ip4/127.0.0.1/tcp/2/p2p/two', noSignal)
    await backend.disconnect('two')
    process.kill(await backend.ping('', noSignal), 'SIGKILL')
    await untilEqual(() => told.restarted.length, 1)
    await until(() => { expect(asked().filter((line) => line !== 'queryStore').slice(-3)).toEqual(['start', 'disconnect two', 'dial /ip4/127.0.0.1/tcp/1/p2p/one']) })
  })

  test.each([
    ['the port of the one before', {}],
    ['the port of the one before when it announces others', { announceAddresses: ['/ip4/192.0.2.1/tcp/60000'] }]
  ])('listens on %s', async (_, options) => {
    const { backend, told } = await startScripted({ host: '127.0.0.1', port: 0, ...options })
    const addresses = await backend.getListenAddresses()
    process.kill(await backend.ping('', noSignal), 'SIGKILL')
    await untilEqual(() => told.restarted.length, 1)
    expect(await backend.getListenAddresses()).toEqual(addresses)
  })

  test('is preceded by the news that all peers are gone', async () => {
    const { backend, told } = await startScripted({}, [pubsubTopic])
    await backend.ping('connect one /ip4/127.0.0.1/tcp/1', noSignal)
    await backend.ping(`health ${pubsubTopic}`, noSignal)
    process.kill(await backend.ping('', noSignal), 'SIGKILL')
    await untilEqual(() => told.peerDisconnected, ['one'])
    expect(told.topicHealth).toEqual([pubsubTopic, pubsubTopic])
  })
})
