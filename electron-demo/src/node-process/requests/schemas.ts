import { z } from 'zod'
import { limits, type EngineMethod, type EngineRequests } from '../../shared/ipc.js'

const roomId = z.string().min(1).max(limits.nameLength)
const nothing = z.null()

const network = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('local') }),
  z.strictObject({ kind: z.literal('public') }),
  z.strictObject({ kind: z.literal('custom'), clusterId: z.number(), numShards: z.number(), staticPeers: z.array(z.string().max(1000)).max(100) })
])

const backend = z.enum(['auto', 'js', 'libwaku'])

const settings = z.strictObject({
  nickname: z.string().max(1000),
  network,
  backend,
  theme: z.enum(['auto', 'light', 'dark']),
  language: z.enum(['auto', 'de', 'en']),
  notifications: z.boolean()
}).partial()

/** The form of each request's parameters. Whether a name or a text makes sense is told by the engine with a code of its own. */
export const requestSchemas: { readonly [M in EngineMethod]: z.ZodType<EngineRequests[M]['params']> } = {
  'state:get': nothing,
  'settings:save': settings as z.ZodType<EngineRequests['settings:save']['params']>,
  'rooms:join': z.strictObject({ nameOrLink: z.string().max(limits.linkLength * 2) }),
  'rooms:leave': z.strictObject({ roomId }),
  'rooms:mark-read': z.strictObject({ roomId, upToIndex: z.int() }),
  'rooms:save-draft': z.strictObject({ roomId, draft: z.string().max(limits.draftLength) }),
  'rooms:invite': z.strictObject({ roomId }),
  'invites:read': z.strictObject({ link: z.string().max(limits.linkLength * 2) }),
  'messages:window': z.strictObject({ roomId, from: z.int(), limit: z.int().min(0).max(limits.windowSize) }),
  'messages:send': z.strictObject({ roomId, text: z.string().max(1_000_000), clientId: z.string().min(1).max(64) }),
  'messages:retry': z.strictObject({ id: z.int() }),
  'messages:load-older': z.strictObject({ roomId }),
  'node:watch': z.strictObject({ watch: z.boolean() }),
  'node:logs': nothing,
  'node:switch-backend': z.strictObject({ backend }),
  'node:set-offline': z.strictObject({ offline: z.boolean() }),
  'node:kill': nothing,
  'node:stall': z.strictObject({ durationMs: z.int().min(0).max(60_000) })
}
