import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Channel, type ChannelEvents } from '../../src/backends/process/channel.js'
import { frameHeader } from '../../src/backends/process/frame-reader.js'
import { makeSocketPath } from '../../src/backends/process/socket-path.js'

type Anything = Channel<unknown, unknown>
type Events = Partial<ChannelEvents<unknown>>

/** Both ends of a channel. */
async function openChannel (application: Events, host: Events): Promise<{ application: Anything, host: Anything }> {
  const { path, remove } = makeSocketPath()
  const server = createServer().listen(path)
  await once(server, 'listening')
  const closed = (): void => {}
  const connected = Channel.connect<unknown, unknown>(path, { closed, ...application })
  const [socket] = await once(server, 'connection') as [Socket]
  const accepted = Channel.accept<unknown, unknown>(socket, { closed, ...host })
  onTestFinished(() => {
    connected.close()
    accepted.close()
    server.close()
    remove()
  })
  return { application: connected, host: accepted }
}

describe('a channel', () => {
  test('gives what is sent to the other end, in order', async () => {
    const come: unknown[] = []
    const { application } = await openChannel({}, {
      items: (items) => come.push(...items),
      bytes: (bytes) => come.push(bytes.toString()),
      ping: (sentAtMs) => come.push(sentAtMs)
    })
    application.post([{ number: 7n }, new Uint8Array([1, 2])])
    application.postBytes(Buffer.concat([Buffer.alloc(frameHeader), Buffer.from('bytes')]))
    application.ping(1_750_000_000_000)
    application.post(['last'])
    await expect.poll(() => come).toEqual([{ number: 7n }, new Uint8Array([1, 2]), 'bytes', 1_750_000_000_000, 'last'])
  })

  test('answers a ping', async () => {
    const pong = { sentAtMs: 1_750_000_000_000, residentBytes: 2 ** 33 + 1, isBehind: true }
    const pongs: unknown[] = []
    const { host } = await openChannel({ pong: (each) => pongs.push(each) }, {})
    host.pong(pong)
    host.pong({ ...pong, isBehind: false })
    await expect.poll(() => pongs).toEqual([pong, { ...pong, isBehind: false }])
  })

  test('tells when the other end wants nothing any more, and when it is gone', async () => {
    const come: unknown[] = []
    const { application } = await openChannel({}, {
      items: (items) => come.push(...items),
      end: () => come.push('end'),
      closed: (error) => come.push('closed', error)
    })
    application.post(['last'])
    application.end()
    await expect.poll(() => come).toEqual(['last', 'end'])
    application.close()
    await expect.poll(() => come).toEqual(['last', 'end', 'closed', undefined])
  })
})
