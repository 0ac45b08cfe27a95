import type { AppEvent, ChatApi, ChatError, ChatMessage, EngineMethod, EngineRequests, EventEntry, HistoryState, LogLine, NodeState, Result, Room, RoomChange, Settings } from '../src/shared/ipc.js'
import { message, nodeState, now, ownPeerId } from './made-up.js'
import type { Scenario } from './scenarios.js'

type Answers = { readonly [M in EngineMethod]: (params: EngineRequests[M]['params']) => EngineRequests[M]['value'] | ChatError | Promise<EngineRequests[M]['value'] | ChatError> }

const later = (ms: number, run: () => void): void => { setTimeout(run, ms) }
const wait = async (ms: number): Promise<void> => { await new Promise((resolve) => setTimeout(resolve, ms)) }
const failure = (code: ChatError['code'], details: ChatError['details'] = {}): ChatError => ({ code, message: code, details })
const isFailure = (value: unknown): value is ChatError => typeof value === 'object' && value !== null && 'code' in value && 'details' in value

/** An engine that is made up: it keeps everything in memory and plays a network. Tests and developers drive it from outside. */
export class FakeChat {
  readonly messages = new Map<string, ChatMessage[]>()
  readonly rooms = new Map<string, Room>()
  node: NodeState
  settings: Settings | null
  /** What was asked for, by name. */
  readonly calls: string[] = []
  /** Requests that the engine does not live to answer. */
  readonly lost = new Set<EngineMethod>()
  /** How long answers take, in milliseconds. */
  latencyMs = 2
  #listeners = new Set<(event: AppEvent) => void>()
  #revision = 0

  constructor ({ rooms, node, isFirstRun, settings }: Scenario, chosen: Pick<Settings, 'language' | 'theme'>) {
    for (const { room, messages } of rooms) {
      this.rooms.set(room.id, room)
      this.messages.set(room.id, [...messages])
    }
    this.node = node ?? nodeState()
    this.settings = isFirstRun === true ? null : { nickname: 'clever-fox', network: { kind: 'local' }, backend: 'auto', notifications: true, ...chosen, ...settings }
    if (isFirstRun === true) document.documentElement.dataset.theme = chosen.theme
  }

  readonly api: ChatApi = {
    request: async (method, params) => {
      this.calls.push(method)
      await wait(this.latencyMs)
      if (this.lost.has(method)) return { ok: false, error: failure('CHAT_ENGINE_LOST') }
      const value = await (this.#answers[method] as (params: unknown) => unknown)(params)
      return (isFailure(value) ? { ok: false, error: value } : { ok: true, value }) as Result<never>
    },
    subscribe: (listener) => {
      this.#listeners.add(listener)
      return () => { this.#listeners.delete(listener) }
    },
    openLink: async (url) => { this.calls.push(`open ${url}`); return { ok: true, value: null } },
    copyText: async (text) => { this.calls.push(`copy ${text}`); return { ok: true, value: null } },
    exportDiagnostics: async () => ({ ok: true, value: { path: '/home/clever-fox/diagnostics.zip' } }),
    killEngine: async () => {
      this.tell({ type: 'engine', state: 'restarting', restartInMs: 500, numRestarts: 1 })
      later(1500, () => { this.tell({ type: 'engine', state: 'connected', restartInMs: null, numRestarts: 1 }) })
      return { ok: true, value: null }
    },
    setBadge: async () => ({ ok: true, value: null }),
    setFocusedRoom: async () => ({ ok: true, value: null }),
    app: { version: '0.1.0', electron: '25.1.1', chromium: '114.0.5735.106', platform: 'linux', locale: new URLSearchParams(location.search).get('language') === 'de' ? 'de-DE' : 'en-GB', profile: '' }
  }

  readonly #answers: Answers = {
    'state:get': () => ({ settings: this.settings, rooms: [...this.rooms.values()], node: this.node, suggestedNickname: 'clever-fox' }),
    'settings:save': (changes) => {
      if (changes.nickname !== undefined && /\s\s|\//.test(changes.nickname)) return failure('CHAT_INVALID_NICKNAME', { reason: 'characters' })
      this.settings = { nickname: '', network: { kind: 'local' }, backend: 'auto', theme: 'auto', language: 'auto', notifications: true, ...this.settings, ...changes }
      return this.settings
    },
    'rooms:join': ({ nameOrLink }) => {
      if (nameOrLink.includes('://') || /\s/.test(nameOrLink)) return failure(nameOrLink.includes('://') ? 'CHAT_INVALID_LINK' : 'CHAT_INVALID_ROOM', { reason: nameOrLink.includes('://') ? 'form' : 'characters' })
      const known = this.rooms.get(nameOrLink)
      if (known !== undefined) return known
      this.messages.set(nameOrLink, [])
      const room: Room = { id: nameOrLink, contentTopic: `/nwaku-desktop-chat/1/${nameOrLink}/json`, pubsubTopic: '/waku/2/rs/16/3', count: 0, unread: 0, firstUnreadIndex: null, draft: '', lastMessage: null, history: { phase: 'idle', numFetched: 0, hasOlder: true, caughtUpAt: now, error: null } }
      this.rooms.set(nameOrLink, room)
      this.tell({ type: 'rooms', rooms: [...this.rooms.values()] })
      return room
    },
    'rooms:leave': ({ roomId }) => { this.rooms.delete(roomId); return null },
    'rooms:mark-read': ({ roomId, upToIndex }) => {
      const room = this.#room(roomId)
      const unread = Math.max(0, room.count - 1 - upToIndex)
      this.change(roomId, { unread, firstUnreadIndex: unread === 0 ? null : upToIndex + 1 })
      return null
    },
    'rooms:save-draft': ({ roomId, draft }) => { this.rooms.set(roomId, { ...this.#room(roomId), draft }); return null },
    'rooms:invite': ({ roomId }) => ({ link: `nwaku-chat://join?room=${roomId}` }),
    'invites:read': ({ link }) => link.includes('other') ? { roomId: 'secret', network: { kind: 'public' }, nickname: 'Amaya', isOwnNetwork: false, isJoined: false } : failure('CHAT_INVALID_LINK', { reason: 'form' }),
    'messages:window': ({ roomId, from, limit }) => {
      const all = this.messages.get(roomId) ?? []
      const start = from < 0 ? Math.max(0, all.length + from) : from
      return { roomId, from: start, messages: all.slice(start, start + limit), count: all.length, revision: this.#revision }
    },
    'messages:send': ({ roomId, text, clientId }) => this.#send(roomId, text, clientId),
    'messages:retry': ({ id }) => {
      const found = [...this.messages.values()].flat().find((known) => known.id === id)
      if (found === undefined) return failure('CHAT_NO_MESSAGE')
      this.#travel(found)
      return found
    },
    'messages:load-older': ({ roomId }) => this.#loadOlder(roomId),
    'node:watch': () => this.node,
    'node:logs': () => ({ lines: logLines, events: eventEntries }),
    'node:switch-backend': async ({ backend }) => {
      if (backend === 'libwaku') return failure('WAKU_UNAVAILABLE')
      this.setNode({ phase: 'switching' })
      await wait(1800)
      if (this.settings !== null) this.settings = { ...this.settings, backend }
      this.setNode({ phase: 'online' })
      return this.node
    },
    'node:set-offline': ({ offline }) => {
      this.setNode(offline ? { phase: 'offline', offlineBy: 'user' } : { phase: 'online', offlineBy: null, numPending: 0 })
      return this.node
    },
    'node:kill': () => {
      this.setNode({ phase: 'restarting' })
      later(2000, () => { this.setNode({ phase: 'online' }) })
      return null
    },
    'node:stall': () => { this.setNode({ phase: 'unresponsive' }); return null }
  }

  /** Tells the renderer something. */
  tell (event: AppEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  setNode (changes: Partial<NodeState>): void {
    this.node = { ...this.node, ...changes }
    this.tell({ type: 'node', node: this.node })
  }

  /** Lets others say things in a room, so many a second. */
  flood (roomId: string, perSecond: number, durationMs: number): void {
    const startedAt = performance.now()
    let sent = 0
    const timer = setInterval(() => {
      const elapsed = Math.min(performance.now() - startedAt, durationMs)
      const due = Math.floor(elapsed / 1000 * perSecond)
      const batch = Array.from({ length: due - sent }, (_, i) => message(roomId, ['Amaya', 'Mei', 'swift-heron'][(sent + i) % 3] ?? '', `Flood ${sent + i}: ${'lorem ipsum '.repeat(1 + (sent + i) % 9)}`, { sentAt: Date.now() }))
      sent = due
      if (batch.length > 0) this.append(roomId, batch)
      if (elapsed >= durationMs) clearInterval(timer)
    }, 16)
  }

  append (roomId: string, appended: readonly ChatMessage[]): void {
    this.messages.get(roomId)?.push(...appended)
    this.change(roomId, { appended, numAppended: appended.length })
  }

  change (roomId: string, change: Partial<RoomChange>): void {
    const messages = this.messages.get(roomId) ?? []
    const room = this.#room(roomId)
    const complete: RoomChange = {
      roomId,
      revision: ++this.#revision,
      count: messages.length,
      unread: room.unread,
      firstUnreadIndex: room.firstUnreadIndex,
      appended: [],
      numAppended: 0,
      numPrepended: 0,
      isReordered: false,
      updated: [],
      lastMessage: messages.at(-1) ?? null,
      ...change
    }
    const { count, unread, firstUnreadIndex, lastMessage } = complete
    this.rooms.set(roomId, { ...room, count, unread, firstUnreadIndex, lastMessage })
    this.tell({ type: 'changes', changes: [complete] })
  }

  #room (roomId: string): Room {
    const room = this.rooms.get(roomId)
    if (room === undefined) throw new Error(`no room ${roomId}`)
    return room
  }

  #send (roomId: string, text: string, clientId: string): ChatMessage {
    const own = message(roomId, this.settings?.nickname ?? '', text, { isOwn: true, state: 'sending', sentAt: Date.now(), clientId })
    this.append(roomId, [own])
    this.#travel(own, text.includes('fail'))
    return own
  }

  #travel (own: ChatMessage, fails = false): void {
    const become = (state: ChatMessage['state'], error: ChatError | null = null): void => {
      const list = this.messages.get(own.roomId) ?? []
      const index = list.findIndex(({ id }) => id === own.id)
      const updated = { ...own, state, error }
      list[index] = updated
      this.change(own.roomId, { updated: [updated] })
    }
    become('sending')
    if (fails) {
      later(500, () => { become('failed', failure('WAKU_NO_PEERS')) })
      return
    }
    if (this.node.phase !== 'online') return
    later(400, () => { become('sent') })
    later(1500, () => { become('stored') })
  }

  async #loadOlder (roomId: string): Promise<HistoryState> {
    const told = (history: HistoryState): HistoryState => {
      this.rooms.set(roomId, { ...this.#room(roomId), history })
      this.tell({ type: 'history', roomId, history })
      return history
    }
    const { history } = this.#room(roomId)
    told({ ...history, phase: 'loading-older', numFetched: 0 })
    await wait(500)
    const list = this.messages.get(roomId) ?? []
    const oldest = list[0]?.sentAt ?? now
    const older = Array.from({ length: 50 }, (_, i) => message(roomId, 'Mei', `Older ${oldest - (50 - i) * 60_000}`, { sentAt: oldest - (50 - i) * 60_000 }))
    this.messages.set(roomId, [...older, ...list])
    this.change(roomId, { numPrepended: 50 })
    return told({ ...history, phase: 'idle', hasOlder: list.length < 400 })
  }
}

const eventEntries: readonly EventEntry[] = [
  { id: 1, at: now - 500_000, type: 'engine:start', data: { numRestarts: 0 } },
  { id: 2, at: now - 499_000, type: 'status', data: { status: 'started', previous: 'starting' } },
  { id: 3, at: now - 498_000, type: 'peer:connect', data: { peerId: ownPeerId, address: '/ip4/192.168.1.30/tcp/60000' } },
  { id: 4, at: now - 400_000, type: 'trouble', data: { kind: 'kill' } },
  { id: 5, at: now - 399_900, type: 'backend:exit', data: { reason: 'killed', pid: 48_100, code: null, signal: 'SIGKILL', restartInMs: 250 } },
  { id: 6, at: now - 398_900, type: 'backend:restart', data: { pid: 48_213, downMs: 870 } },
  { id: 7, at: now - 398_000, type: 'catch-up', data: { reason: 'restart', numMessages: 3, tookMs: 120, storePeer: ownPeerId } }
]

const logLines: readonly LogLine[] = Array.from({ length: 120 }, (_, i) => ({
  id: i,
  at: now - (120 - i) * 3000,
  level: i % 40 === 17 ? 'error' : i % 13 === 5 ? 'warn' : i % 5 === 0 ? 'debug' : 'info',
  source: i % 9 === 0 ? 'engine' : 'node',
  message: ['peer connected', 'store answered', 'mesh changed', 'slow reply'][i % 4] ?? '',
  fields: { shard: 3, tookMs: i * 7 % 90 }
}))
