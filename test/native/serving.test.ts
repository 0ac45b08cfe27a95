import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import '../../src/polyfills.js'
import { loadAddon } from '../../src/backends/libwaku/drivers/addon.js'
import { BridgeDriver } from '../../src/backends/libwaku/drivers/bridge-driver.js'
import { served, status } from '../../src/backends/libwaku/drivers/bridge.js'
import { loadKoffi } from '../../src/backends/libwaku/drivers/koffi.js'
import { Channel, type Pong } from '../../src/backends/process/channel.js'
import { makeSocketPath } from '../../src/backends/process/socket-path.js'
import { RemoteBridge } from '../../src/backends/remote-library/remote-bridge.js'
import { fakeLibrary } from './helpers/libraries.js'
import { makeNode, provoke } from './helpers/nodes.js'

describe.each([['addon', loadAddon], ['koffi', loadKoffi]] as const)('a bridge that serves another process, through %s,', (name, load) => {
  /** Has this process's bridge served at a path, and notes what it tells of whoever connects. */
  function serve () {
    const { path, remove } = makeSocketPath()
    const descriptor = load().serve(path)
    expect(descriptor).toBeGreaterThan(0)
    const told: string[] = []
    const socket = new Socket({ fd: descriptor, readable: true, writable: false })
    socket.setEncoding('latin1').on('data', (each: string) => told.push(each)).on('close', () => told.push('gone'))
    onTestFinished(() => {
      socket.destroy()
      remove()
    })
    return { path, told }
  }

  it('makes calls, hands over what comes of them, and tells when the other is gone', async () => {
    const { path, told } = serve()
    const pongs: Pong[] = []
    const channel = Channel.connect(path, { bytes: (bytes) => bridge.takeBatch(bytes), pong: (pong) => pongs.push(pong), closed: () => driver.close() })
    const bridge = new RemoteBridge(name, (frame) => channel.postBytes(frame))
    const driver = new BridgeDriver(bridge)
    await driver.open(fakeLibrary('a'))
    await expect.poll(() => told).toEqual([served.connected])
    const { context, events } = await makeNode(driver)
    await provoke(context, 'flood:500:300')
    await expect.poll(() => events.length).toBe(500)
    channel.ping(1_750_000_000_000)
    await expect.poll(() => pongs).toEqual([{ sentAtMs: 1_750_000_000_000, residentBytes: expect.any(Number) as number, isBehind: false }])
    expect((pongs[0]?.residentBytes ?? 0) / process.memoryUsage.rss()).toBeCloseTo(1, 0)
    channel.close()
    await expect.poll(() => told).toEqual([served.connected, 'gone'])
  })

  it('is there for the first that connects, and gives up what sends no frames', async () => {
    const { path, told } = serve()
    const socket = connect(path)
    await once(socket, 'connect')
    await expect.poll(() => told).toEqual([served.connected])
    const [error] = await once(connect(path), 'error') as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNREFUSED')
    socket.resume().write('what is no frame of any kind')
    await once(socket, 'close')
    await expect.poll(() => told).toEqual([served.connected, 'gone'])
  })

  it('says when there can be no socket', () => {
    const door = load()
    expect(door.serve(`/tmp/${'x'.repeat(200)}`)).toBe(status.badArguments)
    expect(door.serve('/nowhere/socket')).toBe(status.noResources)
  })
})
