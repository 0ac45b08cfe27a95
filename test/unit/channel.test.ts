import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Channel } from '../../src/backends/process/channel.js'
import { makeSocketPath } from '../../src/backends/process/socket-path.js'

/** One end of a channel whose other end reads nothing until it is told to. */
async function openStalled (): Promise<{ channel: Channel<unknown, unknown>, other: Socket, numDrained: () => number }> {
  const { path, remove } = makeSocketPath()
  const server = createServer({ pauseOnConnect: false }).listen(path)
  await once(server, 'listening')
  const other = connect(path)
  const [socket] = await once(server, 'connection') as [Socket]
  let numDrained = 0
  const channel = Channel.accept<unknown, unknown>(socket, { items: () => {}, bytes: () => {}, drained: () => { numDrained++ }, closed: () => {} })
  onTestFinished(() => {
    other.destroy()
    channel.close()
    server.close()
    remove()
  })
  return { channel, other, numDrained: () => numDrained }
}

describe('a channel', () => {
  test.each([[1000, false], [1000, true], [200_000, false], [200_000, true]])('with frames of %d bytes, and items behind them: %s, tells when all that waited is written', async (numBytes, hasItems) => {
    const { channel, other, numDrained } = await openStalled()
    let numSent = 0
    do expect(++numSent).toBeLessThan(10_000)
    while (channel.postBytes(Buffer.alloc(numBytes)))
    if (hasItems) channel.post([{ kind: 'item' }])
    expect(numDrained()).toBe(0)
    other.resume()
    await expect.poll(numDrained).toBe(1)
  })
})
