import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readInvite, writeInvite, type ParsedInvite } from '../../src/node-process/invite-link.js'
import { roomNamePattern } from '../../src/shared/ipc.js'

const peer = '/ip4/192.0.2.7/tcp/60000/p2p/16Uiu2HAm1nhFzc7LsgyHMYvEhmmgxK6R8qYJzoy3fCFrWmVyxTT1'
const network: fc.Arbitrary<ParsedInvite['network']> = fc.oneof(
  fc.constantFrom({ kind: 'local' } as const, { kind: 'public' } as const),
  fc.record({ kind: fc.constant('custom' as const), clusterId: fc.integer({ min: 0, max: 65535 }), numShards: fc.integer({ min: 1, max: 1024 }), staticPeers: fc.constantFrom([], [peer]) })
)
const room = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 16 }).filter((name) => name.length <= 32 && roomNamePattern.test(name))

describe('an invite link', () => {
  test('says what was written into it', () => {
    fc.assert(fc.property(room, network, fc.constantFrom(null, 'Anna', 'Jörg & Söhne', '小明 🎉'), (roomId, choice, nickname) => {
      expect(readInvite(writeInvite({ roomId, network: choice, nickname }))).toEqual({ roomId, network: choice, nickname })
    }))
  })

  test('is refused with a reason when it is none, whatever it is', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.string().map((text) => `nwaku-chat://join?${text}`)), (text) => {
      try {
        expect(readInvite(text).roomId).toMatch(roomNamePattern)
      } catch (error) {
        expect(error).toMatchObject({ code: 'CHAT_INVALID_LINK', details: { reason: expect.any(String) as unknown } })
      }
    }))
  })
})
