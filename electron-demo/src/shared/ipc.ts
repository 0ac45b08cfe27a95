/**
 * Everything that crosses a process boundary of the demo, in one file: it is read as a table of contents.
 *
 * Three processes talk: the *renderer* (a sandboxed window), *main* (a broker) and the *engine* (the utility process in
 * `node-process/`, which owns the Waku node and the database). The renderer has two ways out, both in {@link ChatApi}:
 * `request` goes over a MessagePort straight to the engine, the named methods go to main. Whatever comes in is an
 * {@link AppEvent}. Nothing is thrown across a boundary: results and errors are data.
 */

/** IPC channels of Electron. Main checks the sender on each of them. */
export const channels = {
  /** main -> renderer, with a MessagePort to the engine; sent again whenever the engine was replaced. */
  enginePort: 'engine:port',
  /** main -> renderer: a {@link MainEvent}. */
  mainEvent: 'main:event',
  /** renderer -> main (invoke): asks for the port and for the events of main; told once, when the window is ready. */
  ready: 'renderer:ready',
  /** renderer -> main (invoke): each of {@link MainRequests}. */
  openLink: 'link:open',
  copyText: 'text:copy',
  exportDiagnostics: 'diagnostics:export',
  killEngine: 'engine:kill',
  setBadge: 'badge:set',
  setFocusedRoom: 'room:focused'
} as const

// ---------------------------------------------------------------------------------------------------------------------
// Results and errors
// ---------------------------------------------------------------------------------------------------------------------

/** What every request comes back as. */
export type Result<T> = { readonly ok: true, readonly value: T } | { readonly ok: false, readonly error: ChatError }

/** An error as data. Match on `code`; `message` is English, for logs, and what the user reads is worded from code and details. */
export interface ChatError {
  readonly code: ChatErrorCode
  readonly message: string
  readonly details: Readonly<Record<string, string | number | boolean | null>>
}

/**
 * Why something failed. `WAKU_…` are those of the package, handed through.
 *
 * - `CHAT_BAD_REQUEST`: a request that does not fit this file; a bug of the caller.
 * - `CHAT_INVALID_NICKNAME`, `CHAT_INVALID_ROOM`, `CHAT_INVALID_NETWORK`: input fails a check; `details.reason` is one of {@link InvalidReason}.
 * - `CHAT_INVALID_LINK`: no invite link, or a damaged one; `details.reason` likewise.
 * - `CHAT_OTHER_NETWORK`: the invite link is for another network; `details.clusterId`, `details.ownClusterId`.
 * - `CHAT_TEXT_EMPTY`, `CHAT_TEXT_TOO_LONG`: `details.max` characters.
 * - `CHAT_NO_ROOM`, `CHAT_NO_MESSAGE`: it is not there, or no longer.
 * - `CHAT_NOT_SET_UP`: before the first run is done.
 * - `CHAT_NO_STORE`: nobody who is connected keeps history.
 * - `CHAT_DATABASE`: the local database failed; `details.reason`.
 * - `CHAT_ENGINE_LOST`: the engine ended before it answered; another takes its place, ask again.
 * - `CHAT_REFUSED`: main refuses, for example a link that is not http or https.
 * - `CHAT_CANCELLED`: the user closed a dialog.
 * - `CHAT_INTERNAL`: a bug.
 */
export type ChatErrorCode =
  | `WAKU_${string}`
  | 'CHAT_BAD_REQUEST' | 'CHAT_INVALID_NICKNAME' | 'CHAT_INVALID_ROOM' | 'CHAT_INVALID_NETWORK' | 'CHAT_INVALID_LINK' | 'CHAT_OTHER_NETWORK'
  | 'CHAT_TEXT_EMPTY' | 'CHAT_TEXT_TOO_LONG' | 'CHAT_NO_ROOM' | 'CHAT_NO_MESSAGE' | 'CHAT_NOT_SET_UP' | 'CHAT_NO_STORE'
  | 'CHAT_DATABASE' | 'CHAT_ENGINE_LOST' | 'CHAT_REFUSED' | 'CHAT_CANCELLED' | 'CHAT_INTERNAL'

/** `details.reason` of the `CHAT_INVALID_…` codes. */
export type InvalidReason = 'empty' | 'too-long' | 'characters' | 'cluster' | 'shards' | 'address' | 'form'

/** Limits that both sides keep. */
export const limits = {
  /** Characters of a nickname, and of a room's name. */
  nameLength: 32,
  /** Characters of one message. */
  textLength: 4000,
  /** Characters of a draft. */
  draftLength: 20_000,
  /** Characters of an invite link. */
  linkLength: 4000,
  /** Messages in one window. */
  windowSize: 500,
  /** Static peers of a custom network. */
  staticPeers: 20,
  /** Rooms one user is in. */
  rooms: 500
} as const

/** What a room's name consists of: printable characters without slashes and spaces, since it is part of a content topic. */
export const roomNamePattern = /^(?:[\u200c\u200d]|[^\s/\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]){1,32}$/u

// ---------------------------------------------------------------------------------------------------------------------
// Settings
// ---------------------------------------------------------------------------------------------------------------------

/** Which network the node joins. */
export type NetworkChoice =
  /** This machine only: the first instance hosts and keeps the history, others find it without typing. */
  | { readonly kind: 'local' }
  /** A network of one's own. Every address is a multiaddr that ends in `/p2p/{peerId}`; these peers are asked for history too. */
  | { readonly kind: 'custom', readonly clusterId: number, readonly numShards: number, readonly staticPeers: readonly string[] }
  /** The Waku Network: cluster 1, 8 shards, its bootstrap nodes. */
  | { readonly kind: 'public' }

export type BackendChoice = 'auto' | 'js' | 'libwaku'

/** What the user chose; kept over restarts. */
export interface Settings {
  readonly nickname: string
  readonly network: NetworkChoice
  readonly backend: BackendChoice
  readonly theme: 'auto' | 'light' | 'dark'
  /** `auto` follows the system. */
  readonly language: 'auto' | 'de' | 'en'
  readonly notifications: boolean
}

// ---------------------------------------------------------------------------------------------------------------------
// Rooms and messages
// ---------------------------------------------------------------------------------------------------------------------

/** A room. Its id is its name. */
export interface Room {
  readonly id: string
  readonly contentTopic: string
  readonly pubsubTopic: string
  /** Messages in the local database; their indexes go from 0, the oldest, to `count - 1`. */
  readonly count: number
  readonly unread: number
  /** Index of the first unread message; null when all are read. */
  readonly firstUnreadIndex: number | null
  /** What was typed and not sent. */
  readonly draft: string
  /** For the list of rooms; null in an empty room. */
  readonly lastMessage: ChatMessage | null
  readonly history: HistoryState
}

/**
 * Where a message is on its way: `sending` (kept here, not sent yet), `sent` (the network took it), `stored` (found in a
 * store), `failed` (tried, can be tried again), `received` (from somebody else).
 */
export type MessageState = 'sending' | 'sent' | 'stored' | 'failed' | 'received'

export interface ChatMessage {
  /** Local number, unique over all rooms, never changes: the key of a list. */
  readonly id: number
  readonly roomId: string
  readonly nick: string
  readonly text: string
  /** Milliseconds since the Unix epoch, by the sender's clock. */
  readonly sentAt: number
  readonly isOwn: boolean
  readonly state: MessageState
  /** Of own messages that failed. */
  readonly error: ChatError | null
  /** `0x` and 64 hex digits. */
  readonly messageHash: string
  /** What `messages:send` was given; null for messages of others. */
  readonly clientId: string | null
}

/** A part of a room: messages `from` to `from + messages.length - 1`, oldest first. */
export interface MessageWindow {
  readonly roomId: string
  readonly from: number
  readonly messages: readonly ChatMessage[]
  readonly count: number
  /** Grows with each change of the room. Changes that were gathered are told before a window is, so that its revision is that of the last {@link RoomChange}. */
  readonly revision: number
}

/** What happened in a room since its last change, at most one per room and {@link changeIntervalMs}. */
export interface RoomChange {
  readonly roomId: string
  readonly revision: number
  readonly count: number
  readonly unread: number
  readonly firstUnreadIndex: number | null
  /** New at the end, oldest first; the last of them has index `count - 1`. Capped at `limits.windowSize`: `numAppended` tells how many there are. */
  readonly appended: readonly ChatMessage[]
  readonly numAppended: number
  /** Older ones came before all others, whose indexes have grown by this number. */
  readonly numPrepended: number
  /** True when messages came in between: windows are to be fetched again. */
  readonly isReordered: boolean
  /** Messages whose state changed. */
  readonly updated: readonly ChatMessage[]
  readonly lastMessage: ChatMessage | null
}

/** How long changes are gathered before they are told, in milliseconds: about a frame. */
export const changeIntervalMs = 16

/** How far the history of a room is known. */
export interface HistoryState {
  readonly phase: 'idle' | 'catching-up' | 'loading-older' | 'failed'
  /** Messages that this phase has brought so far. */
  readonly numFetched: number
  /** False when the store has nothing older than what is here. */
  readonly hasOlder: boolean
  /** When the room was last complete, in milliseconds since the Unix epoch. */
  readonly caughtUpAt: number | null
  readonly error: ChatError | null
}

/** What an invite link says. */
export interface Invite {
  readonly roomId: string
  readonly network: NetworkChoice
  readonly nickname: string | null
  /** False when this app is on another network. */
  readonly isOwnNetwork: boolean
  readonly isJoined: boolean
}

// ---------------------------------------------------------------------------------------------------------------------
// The node
// ---------------------------------------------------------------------------------------------------------------------

/**
 * `off`: not set up; `starting`; `connecting`: it runs and has no peers; `online`; `offline`: on purpose, or no network;
 * `restarting`: its process ended, another comes; `unresponsive`; `switching`: to another backend; `failed`: `error` tells why.
 */
export type NodePhase = 'off' | 'starting' | 'connecting' | 'online' | 'offline' | 'restarting' | 'unresponsive' | 'switching' | 'failed'

export type TopicHealth = 'Unhealthy' | 'MinimallyHealthy' | 'SufficientlyHealthy'

/** Everything the node panel shows, but for the logs. */
export interface NodeState {
  readonly phase: NodePhase
  readonly error: ChatError | null
  /** `user`: by the switch; `system`: the machine has no network. Null when not offline. */
  readonly offlineBy: 'user' | 'system' | null
  readonly backend: 'js' | 'libwaku' | null
  readonly version: string | null
  /** Why `auto` did not take libwaku. */
  readonly fallback: ChatError | null
  readonly peerId: string | null
  /** Process id of the backend's process, for those who look at it from outside. */
  readonly pid: number | null
  readonly addresses: readonly string[]
  readonly enr: string | null
  readonly clusterId: number | null
  readonly peers: readonly PeerState[]
  readonly shards: readonly ShardState[]
  /** True when this node keeps the history of a local test network. */
  readonly isHost: boolean
  /** The store that was asked last, and that answered. */
  readonly storePeer: string | null
  readonly lastCatchUp: CatchUpReport | null
  readonly traffic: Traffic
  /** How often the backend's process was replaced since the engine started. */
  readonly numRestarts: number
  /** Own messages that wait to be sent. */
  readonly numPending: number
  readonly startedAt: number | null
}

export interface PeerState {
  readonly peerId: string
  readonly isConnected: boolean
  readonly addresses: readonly string[]
  readonly protocols: readonly string[]
  readonly agent: string | null
  /** Pubsub topics in whose mesh the peer is. */
  readonly mesh: readonly string[]
  readonly hasStore: boolean
}

export interface ShardState {
  readonly pubsubTopic: string
  readonly shardId: number
  readonly health: TopicHealth
  readonly numMeshPeers: number
  /** Rooms on this shard. */
  readonly rooms: readonly string[]
}

export interface CatchUpReport {
  readonly at: number
  readonly reason: 'join' | 'start' | 'reconnect' | 'resume' | 'restart' | 'switch'
  readonly numMessages: number
  readonly tookMs: number
  readonly storePeer: string | null
}

/** Chat messages and payload bytes since the engine started. */
export interface Traffic {
  readonly messagesIn: number
  readonly messagesOut: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** The last 60 seconds, oldest first, one a second, each the difference to the one before. */
  readonly samples: readonly TrafficSample[]
}

export interface TrafficSample {
  readonly at: number
  readonly messagesIn: number
  readonly messagesOut: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/** A line of the node's log, without payloads and keys. */
export interface LogLine {
  readonly id: number
  readonly at: number
  readonly level: 'error' | 'warn' | 'info' | 'debug'
  readonly source: 'node' | 'engine' | 'main'
  readonly message: string
  readonly fields: Readonly<Record<string, string | number | boolean | null>>
}

/** What happened to the node; worded by the renderer. `type` is an event of the package, or one of the demo. */
export interface EventEntry {
  readonly id: number
  readonly at: number
  readonly type: EventType
  readonly data: Readonly<Record<string, string | number | boolean | null>>
}

/** Types of {@link EventEntry}, with the keys of its data. */
export const eventTypes = [
  'status', // status, previous
  'peer:connect', // peerId, address
  'peer:disconnect', // peerId, reason
  'topic:health', // pubsubTopic, health
  'connection:status', // status
  'events:dropped', // source, count
  'node:unresponsive', // unresponsive
  'archive:error', // code, message
  'backend:exit', // reason, pid, code, signal, restartInMs
  'backend:restart', // pid, downMs
  'listener:error', // message
  'backend:switch', // from, to
  'catch-up', // reason, numMessages, tookMs, storePeer
  'message:failed', // roomId, code
  'offline', // by
  'online',
  'suspend',
  'resume',
  'engine:start', // numRestarts
  'trouble' // kind: kill | stall | kill-engine
] as const
export type EventType = typeof eventTypes[number]

// ---------------------------------------------------------------------------------------------------------------------
// Requests to the engine
// ---------------------------------------------------------------------------------------------------------------------

/** All there is at once, for a window that opens. */
export interface Snapshot {
  /** Null before the first run is done: show the first-run screen. */
  readonly settings: Settings | null
  readonly rooms: readonly Room[]
  readonly node: NodeState
  /** Offered on the first-run screen. */
  readonly suggestedNickname: string
}

/** Requests to the engine: parameters and value. Each can also fail with `CHAT_BAD_REQUEST`, `CHAT_DATABASE`, `CHAT_ENGINE_LOST`, `CHAT_INTERNAL`. */
export interface EngineRequests {
  'state:get': { params: null, value: Snapshot }
  /** First run and later changes; what is left out stays. The node is restarted when the network or the backend changes. `CHAT_INVALID_NICKNAME`, `CHAT_INVALID_NETWORK`, `CHAT_NOT_SET_UP` (the first time, nickname, network and backend are needed). */
  'settings:save': { params: Partial<Settings>, value: Settings }

  /** By name or invite link. Resolves at once; history comes later. `CHAT_INVALID_ROOM`, `CHAT_INVALID_LINK`, `CHAT_OTHER_NETWORK`, `CHAT_NOT_SET_UP`. */
  'rooms:join': { params: { readonly nameOrLink: string }, value: Room }
  /** Forgets the room and its messages on this machine. `CHAT_NO_ROOM`. */
  'rooms:leave': { params: { readonly roomId: string }, value: null }
  'rooms:mark-read': { params: { readonly roomId: string, readonly upToIndex: number }, value: null }
  'rooms:save-draft': { params: { readonly roomId: string, readonly draft: string }, value: null }
  /** A link for others: `nwaku-chat://join?…`. `CHAT_NO_ROOM`. */
  'rooms:invite': { params: { readonly roomId: string }, value: { readonly link: string } }
  /** Reads a link without following it. `CHAT_INVALID_LINK`. */
  'invites:read': { params: { readonly link: string }, value: Invite }

  /** `from` may be negative: counted from the end. `limit` at most `limits.windowSize`. `CHAT_NO_ROOM`. */
  'messages:window': { params: { readonly roomId: string, readonly from: number, readonly limit: number }, value: MessageWindow }
  /** Keeps the message and resolves at once, in state `sending`; what becomes of it comes as changes. `clientId` is chosen by the renderer, unique, and makes a repeated request harmless. `CHAT_TEXT_EMPTY`, `CHAT_TEXT_TOO_LONG`, `CHAT_NO_ROOM`. */
  'messages:send': { params: { readonly roomId: string, readonly text: string, readonly clientId: string }, value: ChatMessage }
  /** Sends a failed message again. `CHAT_NO_MESSAGE`. */
  'messages:retry': { params: { readonly id: number }, value: ChatMessage }
  /** Asks a store for one page before the oldest message here; what it brings comes as a change with `numPrepended`. `CHAT_NO_STORE`, `WAKU_…`. */
  'messages:load-older': { params: { readonly roomId: string }, value: HistoryState }

  /** While a panel watches, `node` events come once a second, else only when the phase changes. */
  'node:watch': { params: { readonly watch: boolean }, value: NodeState }
  'node:logs': { params: null, value: { readonly lines: readonly LogLine[], readonly events: readonly EventEntry[] } }
  /** Changes the backend in the settings and at once; no message or room is lost. `WAKU_UNAVAILABLE` leaves the old one running. */
  'node:switch-backend': { params: { readonly backend: BackendChoice }, value: NodeState }
  'node:set-offline': { params: { readonly offline: boolean }, value: NodeState }
  /** Dogfooding: kills the process of the node; the package brings another. */
  'node:kill': { params: null, value: null }
  /** Dogfooding: stops the process of the node from doing anything for so long, at most a minute. */
  'node:stall': { params: { readonly durationMs: number }, value: null }
}

export type EngineMethod = keyof EngineRequests

/** What goes over the port, renderer -> engine. */
export interface EngineRequestMessage { readonly seq: number, readonly method: EngineMethod, readonly params: unknown }

/** What goes over the port, engine -> renderer. */
export type EnginePortMessage =
  | { readonly seq: number, readonly result: Result<unknown> }
  | { readonly event: EngineEvent }

// ---------------------------------------------------------------------------------------------------------------------
// Events
// ---------------------------------------------------------------------------------------------------------------------

/** What the engine tells, in batches. */
export type EngineEvent =
  | { readonly type: 'changes', readonly changes: readonly RoomChange[] }
  /** A room came, went, or changed in another way than by messages. */
  | { readonly type: 'rooms', readonly rooms: readonly Room[] }
  | { readonly type: 'history', readonly roomId: string, readonly history: HistoryState }
  | { readonly type: 'settings', readonly settings: Settings }
  | { readonly type: 'node', readonly node: NodeState }
  | { readonly type: 'logs', readonly lines: readonly LogLine[], readonly events: readonly EventEntry[] }

/** What main tells. */
export type MainEvent =
  /** `connected` comes with a new port: everything is to be read anew with `state:get`. */
  | { readonly type: 'engine', readonly state: 'connected' | 'restarting', readonly restartInMs: number | null, readonly numRestarts: number }
  /** An invite link was opened outside; ask the user before joining. */
  | { readonly type: 'invite', readonly link: string }
  /** A notification was clicked. */
  | { readonly type: 'show-room', readonly roomId: string }
  | { readonly type: 'update', readonly state: 'available' | 'ready', readonly version: string }

export type AppEvent = EngineEvent | MainEvent

// ---------------------------------------------------------------------------------------------------------------------
// What the renderer sees, and what main and the engine tell each other
// ---------------------------------------------------------------------------------------------------------------------

/** Requests to main: parameters and value. */
export interface MainRequests {
  /** In the browser of the system; http and https only. `CHAT_REFUSED`. */
  openLink: { params: { readonly url: string }, value: null }
  copyText: { params: { readonly text: string }, value: null }
  /** Asks where to, and writes a bundle without keys and payloads. `CHAT_CANCELLED`. */
  exportDiagnostics: { params: null, value: { readonly path: string } }
  /** Dogfooding: kills the engine; main brings another. */
  killEngine: { params: null, value: null }
  /** Unread messages on the app's icon, where the system shows such. */
  setBadge: { params: { readonly count: number }, value: null }
  /** The room on screen, which needs no notifications; null for none. */
  setFocusedRoom: { params: { readonly roomId: string | null }, value: null }
}

/** `window.chat`, which preload exposes: all that a renderer can do. */
export interface ChatApi {
  /** Asks the engine. Never rejects. Before the port is there requests wait for it. */
  request<M extends EngineMethod> (method: M, params: EngineRequests[M]['params']): Promise<Result<EngineRequests[M]['value']>>
  /** Hears all events from now on. The first call tells main that the window is ready. @returns a function that ends it. */
  subscribe (listener: (event: AppEvent) => void): () => void
  openLink (url: string): Promise<Result<null>>
  copyText (text: string): Promise<Result<null>>
  exportDiagnostics (): Promise<Result<{ readonly path: string }>>
  killEngine (): Promise<Result<null>>
  setBadge (count: number): Promise<Result<null>>
  setFocusedRoom (roomId: string | null): Promise<Result<null>>
  readonly app: AppInfo
}

/** Known when the window opens, and unchanging. */
export interface AppInfo {
  readonly version: string
  readonly electron: string
  readonly chromium: string
  readonly platform: string
  /** BCP 47, as the system has it. */
  readonly locale: string
  /** Name of this profile, for the window's title when several run; empty for the usual one. */
  readonly profile: string
}

/** main -> engine, over the parent port. */
export type MainToEngine =
  /** Comes with the MessagePort of a window. */
  | { readonly type: 'window' }
  | { readonly type: 'suspend' }
  | { readonly type: 'resume' }
  | { readonly type: 'network', readonly online: boolean }
  | { readonly type: 'diagnostics', readonly seq: number }
  /** Close the node and end. */
  | { readonly type: 'quit' }

/** engine -> main, over the parent port. */
export type EngineToMain =
  | { readonly type: 'ready' }
  | { readonly type: 'notify', readonly roomId: string, readonly nick: string, readonly text: string }
  | { readonly type: 'settings', readonly settings: Settings }
  | { readonly type: 'diagnostics', readonly seq: number, readonly result: Result<Readonly<Record<string, unknown>>> }
  | { readonly type: 'log', readonly line: LogLine }
  | { readonly type: 'quit' }

/** What the engine is started with, as JSON in its only argument. */
export interface EngineArguments {
  readonly userDataPath: string
  /** Where instances on this machine find one another's local test network. */
  readonly rendezvousPath: string
  readonly numRestarts: number
  /** First run without a screen: for `npm run demo -- --two` and for tests. */
  readonly preset: { readonly settings: Settings, readonly rooms: readonly string[] } | null
}
