import type { ChatMessage, NodeState, Room, Snapshot } from '../src/shared/ipc.js'
import { message, nodeState, now, room } from './made-up.js'

/** What the made-up engine begins with. */
export interface Scenario {
  readonly rooms: ReadonlyArray<{ readonly room: Room, readonly messages: readonly ChatMessage[] }>
  readonly node?: NodeState
  readonly isFirstRun?: boolean
  readonly settings?: Partial<NonNullable<Snapshot['settings']>>
}

type Language = 'en' | 'de'

const minute = 60_000
const hour = 60 * minute
const long = 'A node keeps what it relays only for a moment. Who was away asks a store node for what was said meanwhile, page by page, newest first, and puts the pages together without gaps and without doubles. '

const talk = {
  en: ['Morning! Did the nightly soak survive?', 'It did: 15 minutes, no message lost, memory flat at 108 MB.', 'Nice. I killed the process five times and it caught up each time.', 'Figures are at https://example.org/bench/2026-11-23?run=7#latency if you want to look.', '🎉', 'Then let us cut the release tonight?', 'Wait, one failing on my laptop. Looking into it…', 'False alarm, my clock was off by a minute.', 'Good to go. 🚀'],
  de: ['Guten Morgen! Hat der Dauerlauf überlebt?', 'Hat er: 15 Minuten, keine Nachricht verloren, Speicher flach bei 108 MB.', 'Schön. Ich habe den Prozess fünfmal abgeschossen, er hat jedes Mal aufgeholt.', 'Die Zahlen stehen unter https://example.org/bench/2026-11-23?run=7#latency, falls du sie sehen willst.', '🎉', 'Dann heute Abend die Veröffentlichung?', 'Moment, auf meinem Laptop schlägt etwas fehl. Ich sehe nach…', 'Falscher Alarm, meine Uhr ging eine Minute falsch.', 'Kann losgehen. 🚀']
}

function lobby (language: Language): readonly ChatMessage[] {
  const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = '', i = ''] = talk[language]
  const say = (nick: string, text: string, ago: number, more: Partial<ChatMessage> = {}): ChatMessage => message('lobby', nick, text, { sentAt: now - ago, ...more })
  return [
    say('swift-heron', a, 26 * hour), say('Amaya', b, 26 * hour - 2 * minute), say('Amaya', c, 26 * hour - 3 * minute),
    say('clever-fox', d, 25 * hour, { isOwn: true }), say('swift-heron', e, 25 * hour - minute),
    say('swift-heron', f, 42 * minute), say('clever-fox', g, 40 * minute, { isOwn: true }), say('clever-fox', h, 39 * minute, { isOwn: true }),
    say('Amaya', long.repeat(7), 21 * minute), say('Jürgen Groß', i, 12 * minute),
    say('clever-fox', 'git tag v0.2.0\ngit push --tags', 4 * minute, { isOwn: true, state: 'stored' }),
    say('clever-fox', '👍 👍', 3 * minute, { isOwn: true, state: 'sent' }),
    say('clever-fox', 'And this one went nowhere.', 2 * minute, { isOwn: true, state: 'failed', error: { code: 'WAKU_NO_PEERS', message: '', details: {} } }),
    say('clever-fox', 'On its way…', minute, { isOwn: true, state: 'sending' })
  ]
}

const short = (roomId: string, nick: string, text: string, ago: number): readonly ChatMessage[] => [message(roomId, nick, text, { sentAt: now - ago })]

function many (roomId: string, count: number): readonly ChatMessage[] {
  const nicks = ['swift-heron', 'Amaya', 'Jürgen Groß', 'clever-fox', 'quiet-otter', 'Mei']
  return Array.from({ length: count }, (_, i) => {
    const nick = nicks[Math.floor(i / 3) % nicks.length] ?? ''
    const text = i % 23 === 0 ? long.repeat(1 + i % 5) : i % 7 === 0 ? `Message ${i} with https://example.org/${i}` : `Message number ${i}, ${'word '.repeat(i * 7 % 40)}`
    return message(roomId, nick, text, { sentAt: now - (count - i) * 30_000, isOwn: nick === 'clever-fox' })
  })
}

function full (language: Language, node?: Partial<NodeState>): Scenario {
  const inLobby = lobby(language)
  const garden = short('garden', 'Mei', language === 'de' ? 'Die Tomaten sind reif!' : 'The tomatoes are ripe!', 3 * hour)
  const release = short('release-0.2', 'swift-heron', 'Changelog is merged', 50 * minute)
  const big = many('archive-100k', 100)
  const notes = short('notes', 'clever-fox', 'Ask about the shards', 80 * hour)
  return {
    rooms: [
      { room: room('lobby', inLobby), messages: inLobby },
      { room: room('garden', garden, { unread: 1, firstUnreadIndex: 0 }), messages: garden },
      { room: room('release-0.2', release, { unread: 1342, firstUnreadIndex: 0 }), messages: release },
      { room: room('notes', notes, { draft: 'remember the store' }), messages: notes },
      { room: room('archive', big), messages: big },
      { room: room('empty-room', []), messages: [] }
    ],
    node: nodeState(node)
  }
}

function single (messages: readonly ChatMessage[], more: Partial<Room> = {}, node?: Partial<NodeState>): Scenario {
  return { rooms: [{ room: room('lobby', messages, more), messages }], node: nodeState(node) }
}

const history = { phase: 'idle', numFetched: 0, hasOlder: true, caughtUpAt: now, error: null } as const

/** What can be shown, by name. */
export const scenarios: Readonly<Record<string, (language: Language) => Scenario>> = {
  'first-run': () => ({ rooms: [], isFirstRun: true }),
  'no-rooms': () => ({ rooms: [], node: nodeState({ phase: 'connecting', peers: [], isHost: true }) }),
  'empty-room': () => single([]),
  full: (language) => full(language),
  offline: (language) => full(language, { phase: 'offline', offlineBy: 'user', numPending: 2 }),
  'offline-system': (language) => full(language, { phase: 'offline', offlineBy: 'system' }),
  restarting: (language) => full(language, { phase: 'restarting', numPending: 1 }),
  failed: (language) => full(language, { phase: 'failed', error: { code: 'WAKU_UNAVAILABLE', message: '', details: {} }, backend: null, peers: [] }),
  unread: () => single(many('lobby', 400), { unread: 30, firstUnreadIndex: 370 }),
  older: () => single(many('lobby', 120), { history }),
  'catching-up': () => single(many('lobby', 120), { history: { ...history, phase: 'catching-up', numFetched: 1240 } }),
  big: () => single(many('lobby', 100_000), { history })
}
