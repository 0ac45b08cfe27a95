import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Argument } from '../../src/backends/libwaku/drivers/driver.js'
import type { BridgeFixture } from './describe-bridge.js'
import { fakeLibrary } from './helpers/libraries.js'
import { textOf } from './helpers/nodes.js'

const uint32 = 2 ** 32 - 1
const text = 'Grüße, 世界 🌍'

/** Every function with arguments at the edges of their ranges. */
const calls: ReadonlyArray<readonly [name: string, ...args: Argument[]]> = [
  ['waku_start'], ['waku_stop'], ['waku_version'], ['waku_listen_addresses'], ['waku_get_my_enr'], ['waku_get_my_peerid'],
  ['waku_get_metrics'], ['waku_is_online'], ['waku_default_pubsub_topic'], ['waku_filter_unsubscribe_all'],
  ['waku_disconnect_all_peers'], ['waku_get_peerids_from_peerstore'], ['waku_get_connected_peers_info'],
  ['waku_get_connected_peers'], ['waku_start_discv5'], ['waku_stop_discv5'],
  ['waku_content_topic', 'app', uint32, 'name', text],
  ['waku_pubsub_topic', text],
  ['waku_relay_publish', '/waku/2/rs/1/2', text, uint32],
  ['waku_relay_subscribe', text], ['waku_relay_unsubscribe', ''],
  ['waku_relay_add_protected_shard', 65535, 1, '02ab'],
  ['waku_relay_get_num_connected_peers', 't'], ['waku_relay_get_connected_peers', 't'],
  ['waku_relay_get_num_peers_in_mesh', 't'], ['waku_relay_get_peers_in_mesh', 't'],
  ['waku_lightpush_publish', 't', '{}'],
  ['waku_filter_subscribe', 't', 'a,b'], ['waku_filter_unsubscribe', 't', 'a,b'],
  ['waku_store_query', '{}', '/ip4/1.2.3.4', -1], ['waku_store_query', '{}', '/ip4/1.2.3.4', 2 ** 31 - 1],
  ['waku_connect', '/ip4/1.2.3.4', 0],
  ['waku_dial_peer', '/ip4/1.2.3.4', '/vac', uint32], ['waku_dial_peer_by_id', '16U', '/vac', uint32],
  ['waku_disconnect_peer_by_id', '16U'], ['waku_get_peerids_by_protocol', '/vac'],
  ['waku_dns_discovery', 'enrtree://', '1.1.1.1', -(2 ** 31)],
  ['waku_discv5_update_bootnodes', '[]'],
  ['waku_peer_exchange_request', Number.MAX_SAFE_INTEGER],
  ['waku_ping_peer', '/ip4/1.2.3.4', uint32]
]

const callsOfC: typeof calls = [
  ['logosdelivery_get_available_node_info_ids'], ['logosdelivery_get_available_configs'],
  ['logosdelivery_subscribe', text], ['logosdelivery_unsubscribe', text], ['logosdelivery_send', '{}'],
  ['logosdelivery_get_node_info', 'Version'],
  ['logosdelivery_channel_create', 'channel', 'topic', 'sender'], ['logosdelivery_channel_exists', 'channel'],
  ['logosdelivery_channel_close', 'channel'], ['logosdelivery_channel_send', 'channel', '{}']
]

const badCalls: typeof calls = [
  ['waku_version', 'one too many'],
  ['waku_relay_subscribe'],
  ['waku_relay_subscribe', 7],
  ['waku_connect', '/ip4/1.2.3.4', 'soon'],
  ['waku_connect', '/ip4/1.2.3.4', -1],
  ['waku_connect', '/ip4/1.2.3.4', 2 ** 32],
  ['waku_connect', '/ip4/1.2.3.4', 0.5],
  ['waku_store_query', '{}', 'a', 2 ** 31],
  ['waku_peer_exchange_request', -1],
  ['waku_relay_subscribe', 'a\0b']
]

/** Describes how arguments reach the library. */
export function describeArguments ({ generation, driver, node }: BridgeFixture): void {
  describe('arguments', () => {
    it('reach each function unchanged', async () => {
      const { context } = await node({ 'fake:all': 'echo' })
      const all = generation === 'C' ? [...calls, ...callsOfC] : calls
      for (const [name, ...args] of all) {
        expect(textOf(await context.call(name, args))).toBe([name, ...args].join('|'))
      }
    })

    it('are tried above for each function of the library', async () => {
      const { functions } = await driver().open(fakeLibrary(generation.toLowerCase()))
      const covered = new Set([...calls, ...(generation === 'C' ? callsOfC : [])].map(([name]) => name))
      expect([...functions].filter((name) => !covered.has(name))).toEqual([])
    })

    it('that are wrong in number, kind or range are refused', async () => {
      const { context } = await node()
      for (const [name, ...args] of badCalls) {
        await expect(context.call(name, args), [name, ...args].join(' ')).rejects.toMatchObject({ code: 'WAKU_INVALID_ARGUMENT' })
      }
    })

    it('above the range of a generation are refused', async () => {
      const { context } = await node({ 'fake:all': 'echo' })
      const call = context.call('waku_relay_add_protected_shard', [65536, 1, '02ab'])
      if (generation === 'C') await expect(call).rejects.toMatchObject({ code: 'WAKU_INVALID_ARGUMENT' })
      else expect(textOf(await call)).toBe('waku_relay_add_protected_shard|65536|1|02ab')
    })

    it('of megabytes arrive whole', async () => {
      const { context } = await node({ 'fake:waku_relay_publish': 'echo' })
      const long = 'é'.repeat(2 * 1024 * 1024)
      expect(textOf(await context.call('waku_relay_publish', ['t', long, 0])) === `waku_relay_publish|t|${long}|0`).toBe(true)
    })

    it.each([0, 1, 2, 3, 4, 1000, 200_000])('in parts become one text, with the base64 of %i bytes', async (size) => {
      const { context } = await node({ 'fake:waku_relay_publish': 'echo' })
      const payload = randomBytes(size)
      const expected = `waku_relay_publish|t|{"a":"${payload.toString('base64')}","ü":"${Buffer.from('meta').toString('base64')}"}|7`
      expect(textOf(await context.call('waku_relay_publish', ['t', ['{"a":"', payload, '","ü":"', Buffer.from('meta'), '"}'], 7])) === expected).toBe(true)
      expect(textOf(await context.call('waku_relay_publish', [['t'], ['{"a":"', new Uint8Array(payload), '"', ',"ü":"bWV0YQ=="', '}'], 7])) === expected).toBe(true)
    })

    it('in parts that do not begin with a text, or hold a NUL in one, are refused', async () => {
      const { context } = await node()
      for (const parts of [[], [Buffer.from('a')], ['a\0'], ['', Buffer.from('a'), '\0']]) {
        await expect(context.call('waku_relay_subscribe', [parts])).rejects.toMatchObject({ code: 'WAKU_INVALID_ARGUMENT' })
      }
    })

    it('for a function that the library lacks are refused', async () => {
      const { context } = await node()
      const name = generation === 'C' ? 'waku_setup' : 'logosdelivery_send'
      await expect(context.call(name, ['{}'])).rejects.toMatchObject({ code: 'WAKU_NOT_SUPPORTED', details: { capability: name } })
    })
  })
}
