import { describe, expect, it } from 'vitest'
import type { NetworkChoice } from '../../src/shared/ipc.js'
import { areaOf, lineOf } from '../../src/renderer/chart/lines.js'
import { draftOfNetwork, fieldErrorsOf, networkOfDraft } from '../../src/renderer/components/profile/network-draft.js'

const peer = '/ip4/192.0.2.1/tcp/60000/p2p/16Uiu2HAmVkKntsECaYfefR1V2yCR79CegLATuTPE6B9TxgxBiiiA'

describe('a network that is being typed', () => {
  it.each<NetworkChoice>([{ kind: 'local' }, { kind: 'public' }, { kind: 'custom', clusterId: 16, numShards: 4, staticPeers: [peer, peer] }])('is read as it was written out: $kind', (network) => {
    expect(networkOfDraft(draftOfNetwork(network))).toEqual(network)
  })

  it.each([
    [{ clusterId: '65536' }, 'clusterId'], [{ clusterId: '1.5' }, 'clusterId'], [{ clusterId: '' }, 'clusterId'], [{ numShards: '0' }, 'numShards'],
    [{ numShards: '1025' }, 'numShards'], [{ staticPeers: 'somewhere' }, 'staticPeers'], [{ staticPeers: '/ip4/192.0.2.1/tcp/1' }, 'staticPeers']
  ])('says which field is wrong: %j', (change, field) => {
    const draft = { kind: 'custom', clusterId: '1', numShards: '8', staticPeers: peer, ...change } as const
    expect(Object.keys(networkOfDraft(draft))).toEqual([field])
  })

  it('finds the field that the engine complains about', () => {
    const about = (code: 'CHAT_INVALID_NETWORK' | 'CHAT_INVALID_NICKNAME' | 'CHAT_DATABASE', reason: string): string[] => Object.keys(fieldErrorsOf({ code, message: '', details: { reason } }))
    expect([about('CHAT_INVALID_NICKNAME', 'empty'), about('CHAT_INVALID_NETWORK', 'shards'), about('CHAT_INVALID_NETWORK', 'address'), about('CHAT_DATABASE', 'full')])
      .toEqual([['nickname'], ['numShards'], ['staticPeers'], ['form']])
  })
})

describe('the chart', () => {
  it('has its newest value at the right edge and its greatest at the top', () => {
    expect(lineOf([0, 10], 10)).toMatch(/^M294\.9 79\.0L300\.0 5\.0$/)
  })

  it('draws the last minute of whatever it is given', () => {
    expect(lineOf(Array.from({ length: 500 }, () => 1), 1).split('L')).toHaveLength(60)
    expect(lineOf([], 1)).toBe('')
    expect(areaOf([], 1)).toBe('')
  })

  it('closes the area at the bottom', () => {
    expect(areaOf([3, 4], 4)).toMatch(/L300 80L294\.9 80Z$/)
  })
})
