import { isWakuError, type NodeOptions, type ReceivedMessage, type Subscription, type WakuError, type WakuNode } from 'nwaku-desktop'
import type { ChatError, NodePhase, Settings } from '../../shared/ipc.js'
import { toChatError } from '../chat-failure.js'
import type { Journal } from '../journal.js'
import { isReached } from './is-reached.js'
import { makeNode, type MadeNode } from './make-node.js'
import { networkOptions } from './network-options.js'
import { noteEvents } from './note-events.js'
import type { Rendezvous } from './rendezvous.js'

/** Waits before a node that does not start is tried again, in milliseconds; the last one goes on. */
const retryDelaysMs = [300, 1000, 2000, 5000, 10_000, 30_000]

/** Messages of a room that may wait for the database; far more than ever do. */
const maxQueuedMessages = 20_000

/** What a keeper needs of the engine. */
export interface NodeKeeperHooks {
  /** The content topics to listen to. */
  contentTopics (): readonly string[]
  received (message: ReceivedMessage): void
  /** The phase, or anything else that the panel shows, changed. */
  changed (): void
  /** Messages can go out, and may have been missed, from now on. */
  connected (reason: 'start' | 'reconnect' | 'resume' | 'restart' | 'switch'): void
}

/** What a keeper is told to do. */
interface Wanted {
  readonly settings: Settings
  readonly nodeKey: string
}

/** Keeps a node there, as the settings want it: makes it, starts it, tries again, replaces it, takes it off the network. */
export class NodeKeeper {
  readonly #hooks: NodeKeeperHooks
  readonly #journal: Journal
  readonly #rendezvous: Rendezvous
  readonly #subscriptions = new Map<string, Promise<Subscription | undefined>>()
  #wanted: Wanted | undefined
  #made: MadeNode | undefined
  #offlineBy: 'user' | 'system' | null = null
  #phase: NodePhase = 'off'
  #error: ChatError | null = null
  #startedAt: number | null = null
  #numRestarts = 0
  #reason: 'start' | 'reconnect' | 'resume' | 'restart' | 'switch' = 'start'
  /** What is done to the node is done one after another. */
  #tail: Promise<unknown> = Promise.resolve()
  #retryTimer: NodeJS.Timeout | undefined
  #numFailures = 0
  #isClosed = false

  constructor (rendezvous: Rendezvous, journal: Journal, hooks: NodeKeeperHooks) {
    this.#rendezvous = rendezvous
    this.#journal = journal
    this.#hooks = hooks
  }

  /** The node, while it is started. */
  get node (): WakuNode | undefined {
    return this.#made?.node.status === 'started' ? this.#made.node : undefined
  }

  get phase (): NodePhase {
    return this.#phase
  }

  get error (): ChatError | null {
    return this.#error
  }

  get offlineBy (): 'user' | 'system' | null {
    return this.#offlineBy
  }

  get fallback (): WakuError | undefined {
    return this.#made?.fallback
  }

  get startedAt (): number | null {
    return this.#startedAt
  }

  get numRestarts (): number {
    return this.#numRestarts
  }

  get isHost (): boolean {
    return this.#rendezvous.isHost
  }

  /** Makes the node be as these settings want it, from now on; resolves when it was tried once. */
  async run (settings: Settings, nodeKey: string): Promise<void> {
    this.#wanted = { settings, nodeKey }
    // A local test network needs none.
    if (settings.network.kind === 'local' && this.#offlineBy === 'system') this.#offlineBy = null
    await this.#queue(async () => await this.#renew('start'))
  }

  /** Goes over to another backend. @throws {WakuError} when that cannot be made; then the node is left as it was. */
  async switchBackend (settings: Settings): Promise<void> {
    const wanted = this.#wanted
    if (wanted === undefined) return
    await this.#queue(async () => {
      const from = this.#made?.node.backend ?? null
      const before = this.#phase
      this.#setPhase('switching')
      try {
        // Made before the old one goes: not every machine has both.
        const made = this.#offlineBy === null ? await this.#make({ ...wanted, settings }) : undefined
        this.#wanted = { ...wanted, settings }
        await this.#renew('switch', made)
      } catch (error) {
        this.#setPhase(before)
        throw error
      }
      this.#journal.note('backend:switch', { from, to: this.#made?.node.backend ?? null })
    })
  }

  /** Leaves the network, or comes back. */
  async setOffline (by: 'user' | 'system' | null): Promise<void> {
    if (by === this.#offlineBy) return
    await this.#queue(async () => {
      this.#offlineBy = by
      this.#journal.note(by === null ? 'online' : 'offline', by === null ? {} : { by })
      await this.#renew('reconnect')
    })
  }

  /** The machine slept, or changed its network: what is left of the connections is tried, and if need be all are made anew. */
  async refresh (reason: 'resume' | 'reconnect'): Promise<void> {
    await this.#queue(async () => {
      const { node } = this
      if (this.#offlineBy !== null) return
      if (node !== undefined && await isReached(node, this.#rendezvous.isHost)) this.#hooks.connected(reason)
      else await this.#renew(reason)
    })
  }

  /** Listens to a room, now or as soon as there is a node. */
  async listen (contentTopic: string): Promise<void> {
    const node = this.#made?.node
    if (node !== undefined) await this.#subscribe(node, contentTopic)
  }

  async leave (contentTopic: string): Promise<void> {
    const subscription = this.#subscriptions.get(contentTopic)
    this.#subscriptions.delete(contentTopic)
    await (await subscription)?.unsubscribe()
  }

  /** Ends it all. */
  async close (): Promise<void> {
    this.#isClosed = true
    await this.#queue(async () => await this.#drop())
    this.#rendezvous.release()
  }

  async #renew (reason: 'start' | 'reconnect' | 'resume' | 'switch', ready?: MadeNode): Promise<void> {
    clearTimeout(this.#retryTimer)
    this.#reason = reason
    await this.#drop()
    const wanted = this.#wanted
    if (this.#isClosed || wanted === undefined || this.#offlineBy !== null) {
      await ready?.node.close()
      this.#rendezvous.release()
      this.#setPhase(wanted === undefined ? 'off' : 'offline')
      return
    }
    if (reason !== 'switch') this.#setPhase('starting')
    try {
      await this.#start(ready ?? await this.#make(wanted))
      this.#numFailures = 0
    } catch (error) {
      await this.#failed(error, reason)
    }
  }

  async #make ({ settings, nodeKey }: Wanted): Promise<MadeNode> {
    const isLocal = settings.network.kind === 'local'
    if (!isLocal) this.#rendezvous.release()
    const isHost = isLocal && this.#rendezvous.tryToHost()
    const options: NodeOptions = {
      ...networkOptions(settings.network, isHost ? [] : this.#rendezvous.readHost(), this.#hooks.contentTopics()),
      nodeKey,
      agent: 'nwaku-chat',
      logger: this.#journal.logger('node')
    }
    return await makeNode(settings.backend, options, isHost ? (backend) => this.#rendezvous.historyPath(backend) : undefined)
  }

  async #start (made: MadeNode): Promise<void> {
    const { node } = made
    this.#made = made
    noteEvents(node, this.#journal)
    this.#follow(node)
    await Promise.all(this.#hooks.contentTopics().map(async (topic) => await this.#subscribe(node, topic)))
    await node.start()
    this.#startedAt = Date.now()
    if (this.#wanted?.settings.network.kind === 'local') await this.#meet(node)
    this.#settle()
  }

  /** Says where the host is, or watches for the host to move or to go. */
  async #meet (node: WakuNode): Promise<void> {
    if (this.#rendezvous.isHost) {
      this.#rendezvous.announce(await node.getListenAddresses())
      return
    }
    this.#rendezvous.watch({
      moved: (addresses) => { for (const address of addresses) node.dial(address).catch(() => {}) },
      gone: () => { this.#queue(async () => await this.#renew('reconnect')).catch(() => {}) }
    })
  }

  #follow (node: WakuNode): void {
    const isCurrent = (): boolean => this.#made?.node === node
    node.on('connection:status', () => { if (isCurrent()) this.#settle() })
    node.on('node:unresponsive', ({ unresponsive }) => {
      if (!isCurrent()) return
      if (unresponsive) this.#setPhase('unresponsive')
      else this.#settle()
    })
    node.on('backend:exit', () => {
      if (!isCurrent()) return
      this.#reason = 'restart'
      this.#setPhase('restarting')
    })
    node.on('backend:restart', () => {
      if (!isCurrent()) return
      this.#numRestarts++
      this.#setPhase('connecting')
      this.#settle()
      if (this.#rendezvous.isHost) node.getListenAddresses().then((addresses) => this.#rendezvous.announce(addresses), () => {})
    })
    node.on('topic:health', () => { if (isCurrent()) this.#hooks.changed() })
  }

  /** The phase follows from the connections. */
  #settle (): void {
    const { node } = this
    if (node === undefined || ['offline', 'off', 'restarting'].includes(this.#phase)) return
    const isOnline = node.getConnectionStatus() !== 'Disconnected'
    const wasOnline = this.#phase === 'online'
    this.#setPhase(isOnline ? 'online' : 'connecting')
    if (!isOnline || wasOnline) return
    this.#hooks.connected(this.#reason)
    this.#reason = 'reconnect'
  }

  async #subscribe (node: WakuNode, contentTopic: string): Promise<void> {
    if (this.#subscriptions.has(contentTopic)) return
    const subscribing = node.subscribe({ contentTopics: [contentTopic] }, (received) => this.#hooks.received(received), { maxQueuedMessages })
    this.#subscriptions.set(contentTopic, subscribing.catch(() => undefined))
    await subscribing
  }

  async #drop (): Promise<void> {
    const node = this.#made?.node
    this.#made = undefined
    this.#startedAt = null
    this.#subscriptions.clear()
    this.#rendezvous.unwatch()
    await node?.close()
  }

  async #failed (error: unknown, reason: 'start' | 'reconnect' | 'resume' | 'switch'): Promise<void> {
    this.#journal.logger('engine').warn('the node cannot be started', { ...toChatError(error) })
    await this.#drop()
    this.#setPhase('failed', toChatError(error))
    // Without its library no number of attempts helps.
    if (isWakuError(error, 'WAKU_UNAVAILABLE')) return
    const delayMs = retryDelaysMs[Math.min(this.#numFailures++, retryDelaysMs.length - 1)]
    this.#retryTimer = setTimeout(() => { this.#queue(async () => await this.#renew(reason)).catch(() => {}) }, delayMs)
  }

  #setPhase (phase: NodePhase, error: ChatError | null = null): void {
    this.#phase = phase
    this.#error = error
    this.#hooks.changed()
  }

  async #queue<T> (run: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(run)
    this.#tail = done.catch(() => {})
    return await done
  }
}
