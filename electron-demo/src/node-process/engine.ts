import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { ReceivedMessage } from 'nwaku-desktop'
import type { BackendChoice, CatchUpReport, ChatMessage, EngineArguments, EngineEvent, EngineToMain, Room, Settings } from '../shared/ipc.js'
import { ChatFailure } from './chat-failure.js'
import { Database } from './database/database.js'
import { outgoingMessage } from './delivery/outgoing-message.js'
import { Sender } from './delivery/sender.js'
import { StoreChecker } from './delivery/store-checker.js'
import { History } from './history/history.js'
import { readIncoming } from './history/read-stored.js'
import { Journal } from './journal.js'
import { pubsubTopicOf, shardingOf, type Sharding } from './node/network-options.js'
import { NodeKeeper } from './node/node-keeper.js'
import { NodeReporter } from './node/node-reporter.js'
import { Rendezvous } from './node/rendezvous.js'
import { StoreFinder } from './node/store-finder.js'
import { isSameNetwork } from './node/check-network.js'
import { NotificationGate } from './notification-gate.js'
import { nowUs, RoomBook, type Incoming } from './rooms/room-book.js'
import { TrafficMeter } from './traffic-meter.js'

/** How often what was received is noted as complete, in milliseconds. */
const checkpointIntervalMs = 5000

/** Who listens to the engine. */
export interface EngineListeners {
  toWindows (event: EngineEvent): void
  toMain (message: EngineToMain): void
}

/** The chat without its windows: settings, rooms and messages on one side, the node on the other. */
export class Engine {
  readonly journal: Journal
  readonly book: RoomBook
  readonly history: History
  readonly keeper: NodeKeeper
  readonly reporter: NodeReporter
  readonly #listeners: EngineListeners
  readonly #database: Database
  readonly #sender: Sender
  readonly #checker: StoreChecker
  readonly #stores = new StoreFinder()
  readonly #traffic = new TrafficMeter()
  readonly #gate: NotificationGate
  readonly #timers: NodeJS.Timeout[] = []
  #incoming: Array<Incoming & { readonly numBytes: number }> = []
  #lastCatchUp: CatchUpReport | null = null
  #settings: Settings | null
  #isTelling = false
  #lastSentAtUs = 0

  /** Whether a window shows the node's state now, which is then told once a second. */
  isWatched = false

  constructor ({ userDataPath, rendezvousPath }: EngineArguments, listeners: EngineListeners) {
    this.#listeners = listeners
    this.journal = new Journal((lines, events) => listeners.toWindows({ type: 'logs', lines, events }))
    this.#database = new Database(join(userDataPath, 'chat.sqlite3'))
    this.#settings = this.#database.settings.settings
    this.book = new RoomBook(this.#database, (changes) => listeners.toWindows({ type: 'changes', changes }))
    this.#gate = new NotificationGate((roomId, nick, text) => listeners.toMain({ type: 'notify', roomId, nick, text }))
    this.keeper = this.#makeKeeper(new Rendezvous(rendezvousPath))
    this.history = this.#makeHistory()
    this.#sender = this.#makeSender()
    this.#checker = new StoreChecker(this.#database, this.book, this.#stores, {
      node: () => this.keeper.node,
      repeat: async (message) => await this.#sender.repeat(message)
    })
    this.reporter = this.#makeReporter()
    if (this.#database.damagedPath !== undefined) this.journal.logger('engine').error('the database was damaged; there is a new one', { damaged: this.#database.damagedPath })
  }

  get settings (): Settings | null {
    return this.#settings
  }

  get rooms (): Room[] {
    return this.book.all.map((room) => room.toRoom(this.#pubsubTopicOf(room.contentTopic)))
  }

  /** Addresses at which others reach this node, for invite links. */
  get reachableAddresses (): readonly string[] {
    return this.reporter.state.addresses.filter((address) => address.includes('/tcp/'))
  }

  /** Begins: with a node, when there are settings. */
  start (numRestarts: number): void {
    this.journal.note('engine:start', { numRestarts })
    this.#timers.push(setInterval(() => this.#tick(), 1000), setInterval(() => this.#checkpoint(), checkpointIntervalMs))
    this.#checker.start()
    if (this.#settings !== null) this.#run(this.#settings)
  }

  /** Keeps settings, and has the node follow them. */
  saveSettings (settings: Settings): Settings {
    const before = this.#settings
    this.#database.settings.save(settings)
    this.#settings = settings
    this.#listeners.toWindows({ type: 'settings', settings })
    this.#listeners.toMain({ type: 'settings', settings })
    if (JSON.stringify([before?.network, before?.backend]) !== JSON.stringify([settings.network, settings.backend])) {
      if (before !== null && !isSameNetwork(before.network, settings.network)) this.#tellRooms()
      this.#run(settings)
    }
    return settings
  }

  /** Goes over to another backend. @throws {WakuError} `WAKU_UNAVAILABLE`; then all stays as it is. */
  async switchBackend (backend: BackendChoice): Promise<void> {
    if (this.#settings === null) throw new ChatFailure('CHAT_NOT_SET_UP', 'the first run is not done')
    const settings = { ...this.#settings, backend }
    await this.keeper.switchBackend(settings)
    this.#database.settings.save(settings)
    this.#settings = settings
    this.#listeners.toWindows({ type: 'settings', settings })
  }

  join (roomId: string): Room {
    const isNew = this.book.find(roomId) === undefined
    const room = this.book.add(roomId)
    if (isNew) {
      this.#tellRooms()
      this.keeper.listen(room.contentTopic).then(() => this.history.catchUp('join', [roomId]), (error: unknown) => {
        this.journal.logger('engine').warn('a room cannot be listened to', { reason: String(error) })
      })
    }
    return room.toRoom(this.#pubsubTopicOf(room.contentTopic))
  }

  async leave (roomId: string): Promise<void> {
    const { contentTopic } = this.book.get(roomId)
    this.book.remove(roomId)
    this.#tellRooms()
    await this.keeper.leave(contentTopic)
  }

  /** Connects to nodes that an invite link names. */
  meet (addresses: readonly string[]): void {
    for (const address of addresses) this.keeper.node?.dial(address).catch(() => {})
  }

  /** Keeps a message and has it sent. */
  send (roomId: string, text: string, clientId: string): ChatMessage {
    const sharding = this.#sharding
    if (this.#settings === null || sharding === undefined) throw new ChatFailure('CHAT_NOT_SET_UP', 'the first run is not done')
    const outgoing = { roomId: this.book.get(roomId).id, nick: this.#settings.nickname, text, uid: randomUUID(), sentAtUs: this.#nextTime() }
    const { hash } = outgoingMessage(outgoing, sharding)
    const message = this.book.write({ ...outgoing, hash, clientId })
    this.#sender.wake()
    return message
  }

  /** @throws {ChatFailure} `CHAT_NO_MESSAGE` */
  retry (id: number): ChatMessage {
    const message = this.#database.messages.get(id)
    if (message === undefined || message.state !== 'failed') throw new ChatFailure('CHAT_NO_MESSAGE', 'there is no such failed message', { id })
    return this.#sender.retry(id) ?? message
  }

  /** The machine goes to sleep, or is back. */
  async slept (isBack: boolean): Promise<void> {
    this.journal.note(isBack ? 'resume' : 'suspend')
    if (isBack) await this.keeper.refresh('resume')
  }

  /** The machine has a network, or has none. A local test network needs none. */
  async networkChanged (isOnline: boolean): Promise<void> {
    if (this.#settings === null || this.#settings.network.kind === 'local' || this.keeper.offlineBy === 'user') return
    await this.keeper.setOffline(isOnline ? null : 'system')
  }

  async close (): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#checker.stop()
    this.#sender.stop()
    this.history.stop()
    this.#checkpoint()
    await this.keeper.close()
    this.#ingest()
    this.#database.close()
  }

  get #sharding (): Sharding | undefined {
    return this.#settings === null ? undefined : shardingOf(this.#settings.network)
  }

  #pubsubTopicOf (contentTopic: string): string {
    return this.#sharding === undefined ? '' : pubsubTopicOf(this.#sharding, contentTopic)
  }

  #run (settings: Settings): void {
    this.keeper.run(settings, this.#database.settings.nodeKey).catch((error: unknown) => {
      this.journal.logger('engine').error('the node cannot be kept', { reason: String(error) })
    })
  }

  #receive (roomId: string, received: ReceivedMessage): void {
    const incoming = readIncoming(received, roomId)
    if (incoming === undefined) return
    // What comes in one turn of the event loop is kept in one transaction.
    if (this.#incoming.push({ ...incoming, numBytes: received.message.payload.byteLength }) === 1) setImmediate(() => this.#ingest())
  }

  #ingest (): void {
    if (this.#incoming.length === 0) return
    const incoming = this.#incoming
    this.#incoming = []
    try {
      const bytesOf = new Map(incoming.map(({ hash, numBytes }) => [hash, numBytes]))
      // The node hears itself too; what the user wrote is here already.
      for (const message of this.book.receive(incoming, false)) {
        this.#traffic.received(bytesOf.get(message.messageHash) ?? 0)
        this.#gate.offer(message)
      }
    } catch (error) {
      this.journal.logger('engine').error('messages cannot be kept', { count: incoming.length, reason: String(error) })
    }
  }

  /** Own messages of one moment differ in time, so that equal texts are different messages. */
  #nextTime (): number {
    this.#lastSentAtUs = Math.max(nowUs(), this.#lastSentAtUs + 1)
    return this.#lastSentAtUs
  }

  #tellRooms (): void {
    this.#listeners.toWindows({ type: 'rooms', rooms: this.rooms })
  }

  #tellNode (): void {
    if (this.#isTelling) return
    this.#isTelling = true
    setImmediate(() => {
      this.#isTelling = false
      this.#listeners.toWindows({ type: 'node', node: this.reporter.state })
    })
  }

  #tick (): void {
    this.#traffic.sample()
    if (this.isWatched) this.reporter.refresh().then((node) => this.#listeners.toWindows({ type: 'node', node }), () => {})
  }

  #checkpoint (): void {
    if (this.keeper.phase !== 'online' || this.history.isCatchingUp) return
    this.book.setCaughtUp(this.book.all.filter(({ caughtUpAt }) => caughtUpAt !== null).map(({ id }) => id), nowUs() - checkpointIntervalMs * 1000)
  }

  #connected (reason: CatchUpReport['reason']): void {
    for (const id of this.#database.messages.lonelyIds) this.#sender.retry(id)
    this.#sender.wake()
    this.history.catchUp(reason)
    this.reporter.refresh().then(() => this.#tellNode(), () => {})
  }

  #makeKeeper (rendezvous: Rendezvous): NodeKeeper {
    return new NodeKeeper(rendezvous, this.journal, {
      contentTopics: () => this.book.all.map(({ contentTopic }) => contentTopic),
      received: (received) => {
        const room = this.book.all.find(({ contentTopic }) => contentTopic === received.message.contentTopic)
        if (room !== undefined) this.#receive(room.id, received)
      },
      changed: () => {
        this.#tellNode()
        this.#sender.wake()
      },
      connected: (reason) => this.#connected(reason)
    })
  }

  #makeHistory (): History {
    return new History(this.book, this.#stores, {
      node: () => this.keeper.node,
      tell: (roomId, history) => this.#listeners.toWindows({ type: 'history', roomId, history }),
      missed: (messages) => { for (const message of messages) this.#gate.offer(message) },
      caughtUp: (report) => {
        this.#lastCatchUp = report
        this.journal.note('catch-up', { ...report, at: null })
        this.#tellNode()
      }
    })
  }

  #makeSender (): Sender {
    return new Sender(this.#database, this.book, {
      node: () => this.keeper.node,
      sharding: () => this.#sharding,
      sent: (_, numBytes) => this.#traffic.sent(numBytes),
      failed: ({ roomId, error }) => this.journal.note('message:failed', { roomId, code: error?.code ?? null }),
      changed: () => this.#tellNode()
    })
  }

  #makeReporter (): NodeReporter {
    return new NodeReporter(this.keeper, this.#traffic, {
      clusterId: () => this.#sharding?.clusterId ?? null,
      roomsByTopic: () => this.#roomsByTopic(),
      storePeer: () => this.#stores.lastPeer,
      lastCatchUp: () => this.#lastCatchUp,
      numPending: () => this.#database.messages.numSending
    })
  }

  #roomsByTopic (): Map<string, string[]> {
    const rooms = new Map<string, string[]>()
    for (const { id, contentTopic } of this.book.all) {
      const topic = this.#pubsubTopicOf(contentTopic)
      rooms.set(topic, [...rooms.get(topic) ?? [], id])
    }
    return rooms
  }
}
