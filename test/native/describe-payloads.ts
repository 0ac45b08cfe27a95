import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { DriverContext } from '../../src/backends/libwaku/drivers/driver.js'
import { LibraryNode } from '../../src/backends/libwaku/functions.js'
import { findMessage, readMessage } from '../../src/backends/libwaku/read-event.js'
import type { WakuMessage } from '../../src/message.js'
import { publishByLibrary } from '../helpers/publish-by-library.js'
import type { BridgeFixture } from './describe-bridge.js'
import { textOf, until } from './helpers/nodes.js'

const sizes = [0, 1, 2, 3, 4, 1000, 200_000]

/** Has the fake library tell of an event with this text. */
async function tell (context: DriverContext, ...parts: ReadonlyArray<string | Uint8Array>): Promise<void> {
  await context.call('waku_relay_subscribe', [['fake:event:', ...parts]])
}

/** Describes how payloads cross the bridge, in which they are bytes in both directions. */
export function describePayloads ({ node }: BridgeFixture): void {
  describe('payloads', () => {
    it.each(sizes)('of %i bytes come back as they were published', async (size) => {
      const { context, events } = await node({ clusterId: 16, shards: [32] })
      const message: WakuMessage = { payload: randomBytes(size), contentTopic: '/app/1/ü/proto', version: 3, timestamp: 2n ** 62n + 1n, ephemeral: true, meta: Buffer.from('meta'), proof: new Uint8Array() }
      await publishByLibrary(new LibraryNode(context), '/waku/2/rs/16/32', message)
      await until('the event', () => events.length === 1)
      const found = events.map(findMessage)[0]
      const received = found === undefined ? undefined : readMessage(found)
      expect(received).toMatchObject({ pubsubTopic: '/waku/2/rs/16/32', message: { contentTopic: '/app/1/ü/proto', version: 3, timestamp: 2n ** 62n + 1n, ephemeral: true } })
      expect(received?.message.payload).toEqual(new Uint8Array(message.payload))
      expect(Buffer.from(received?.message.meta ?? [])).toEqual(message.meta)
    })

    it.each(sizes)('of %i bytes are cut out of the text of an event', async (size) => {
      const { context, events } = await node()
      const payload = randomBytes(size)
      await tell(context, '{"message":{"payload":"', payload, '","more":"ü"}}')
      await until('the event', () => events.length === 1)
      expect(events).toEqual([{ code: 0, bytes: Buffer.from('{"message":{"payload":"","more":"ü"}}'), payload }])
    })

    it.each([
      '{"payload":"AAA"}', '{"payload":"AAAAA"}', '{"payload":"A==="}', '{"payload":"="}', '{"payload":"===="}', '{"payload":"AA=A"}',
      '{"payload":"AA==AAAA"}', '{"payload":"AB=="}', '{"payload":"AAB="}', '{"payload":"AA_-"}', '{"payload":"AA\\/A"}', '{"payload":"AAA "}',
      '{"payload":"AAAü"}', '{"payload":"AAAA', '{"payload":"', '{"payload":[1,2]}', '{"payload": "AAAA"}', '{"text":"\\"payload\\":\\"AAAA\\""}', ''
    ])('that are not base64 stay in the text: %s', async (text) => {
      const { context, events } = await node()
      await tell(context, text)
      await until('the event', () => events.length === 1)
      expect(events).toEqual([{ code: 0, bytes: Buffer.from(text) }])
    })

    it('are looked for in the first 512 bytes', async () => {
      const { context, events } = await node()
      const key = '"payload":"'
      for (const before of [512, 513]) await tell(context, '{"a":"'.padEnd(before - key.length - 2, '.'), '",', key, Buffer.from('bytes'), '"}')
      await until('both events', () => events.length === 2)
      expect(events.map(({ payload }) => payload?.toString())).toEqual(['bytes', undefined])
      expect(events.map((event) => JSON.parse(textOf(event)) as object)).toMatchObject([{ payload: '' }, { payload: Buffer.from('bytes').toString('base64') }])
    })

    it('count as bytes among those that may wait', async () => {
      const text = ['{"payload":"', '"}'] as const
      const size = 3000
      const { context, events, dropped } = await node({}, { maxEventBytes: text.join('').length + size })
      await tell(context, text[0], randomBytes(size + 1), text[1])
      await until('the drop', () => dropped() === 1)
      await tell(context, text[0], randomBytes(size), text[1])
      await until('the one that fits', () => events.length === 1)
      expect(context.stats()).toMatchObject({ eventBytesWaiting: 0, eventsReceived: 2, eventsDropped: 1 })
    })
  })
}
