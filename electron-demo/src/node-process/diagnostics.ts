import type { Engine } from './engine.js'

/** What helps to find a mistake: no keys, no texts, no names of people or rooms. */
export async function diagnosticsOf (engine: Engine): Promise<Record<string, unknown>> {
  const { addresses, enr, ...node } = await engine.reporter.refresh()
  const { nickname: _, ...settings } = engine.settings ?? { nickname: '' }
  return {
    settings,
    node: { ...node, shards: node.shards.map(({ rooms, ...shard }) => ({ ...shard, numRooms: rooms.length })) },
    addresses,
    enr,
    rooms: engine.book.all.map(({ count, unread, history }) => ({ count, unread, history: { ...history, error: history.error?.code ?? null } })),
    events: engine.journal.events.map(({ data: { roomId: __, ...data }, ...event }) => ({ ...event, data })),
    log: engine.journal.lines
  }
}
