import type { Backend, BackendListener, Capabilities } from '../../backend.js'
import { peerIdOf } from '../../checks.js'
import type { NodeConfig } from '../../config.js'
import type { Deadline } from '../../deadline.js'
import { isWakuError } from '../../errors.js'
import type { BackendExit } from '../../events.js'
import { freePort } from '../../free-port.js'
import type { MessageHash, WakuMessage } from '../../message.js'
import type { PeerInfo } from '../../peers.js'
import type { StorePage, StoreQuery } from '../../store.js'
import { CatchUp } from './catch-up.js'
import type { HostKind } from './link.js'
import { NodeState } from './node-state.js'
import { Outbox } from './outbox.js'
import type { CallInputs, CallName, CallOutput } from './protocol.js'
import { PeerLearner } from './peer-learner.js'
import { redialPeers } from './redial.js'
import { HostSession } from './session.js'
import { Supervisor } from './supervisor.js'

/** How long a backend may take to stop or to close before its process is ended, in milliseconds. */
const stopTimeoutMs = 10_000
const closeTimeoutMs = 5000

/** After so many attempts to listen on the same ports again others are taken, unless the options name them. */
const maxAttemptsOnPorts = 3

/** A backend that runs in a child process. A process that ends is replaced, and brought to where it was. */
export class ProcessBackend implements Backend {
  readonly name: Backend['name']
  readonly #config: NodeConfig
  readonly #kind: HostKind
  readonly #state = new NodeState()
  readonly #outbox: Outbox
  readonly #supervisor: Supervisor
  readonly #catchUp: CatchUp
  readonly #learner: PeerLearner
  #events: BackendListener | undefined
  #supports: Readonly<Capabilities> | undefined
  #closed: Promise<void> | undefined

  private constructor (config: NodeConfig, kind: HostKind) {
    this.name = kind.name
    this.#config = config
    this.#kind = kind
    this.#outbox = new Outbox(config.process, kind.maxUnsentMessages)
    this.#supervisor = new Supervisor({
      open: async (attempt, signal) => await this.#open(attempt, signal),
      restore: async (session) => await this.#state.restore(session),
      lost: (exit) => this.#lost(exit),
      restored: (session, downMs) => this.#restored(session, downMs)
    }, config.logger)
    this.#learner = new PeerLearner(this.#state.peers, async () => await this.#call('getPeers', []), config.logger)
    this.#catchUp = new CatchUp(config, {
      queryStore: async (query, peer, signal) => await this.#call('queryStore', [query, peer], signal),
      topics: () => this.#state.topics,
      hasHealed: () => this.#state.hasHealed,
      deliver: (received) => this.#events?.message(received)
    })
  }

  /**
   * Starts a process and has it make a backend, which is to be attached to a node then.
   *
   * @throws {WakuError} `WAKU_UNAVAILABLE`, `WAKU_BACKEND_LOST`, and what the backend refuses with.
   */
  static async open (config: NodeConfig, kind: HostKind): Promise<ProcessBackend> {
    const backend = new ProcessBackend(await withKnownPorts(config), kind)
    const session = await backend.#supervisor.begin(new AbortController().signal)
    backend.#supports = session.supports
    return backend
  }

  /** Says where events go. */
  attach (events: BackendListener): this {
    this.#events = events
    return this
  }

  get supports (): Readonly<Capabilities> {
    if (this.#supports === undefined) throw new Error('read before the backend was opened')
    return this.#supports
  }

  get pid (): number | undefined {
    return this.#supervisor.session?.pid
  }

  async start (pubsubTopics: readonly string[], signal: AbortSignal): Promise<void> {
    const session = await this.#supervisor.begin(signal)
    this.#state.topics.clear()
    for (const topic of pubsubTopics) this.#state.topics.add(topic)
    await session.call('start', [pubsubTopics], { signal, untilSettled: true })
    await this.#state.started(session, pubsubTopics)
    this.#catchUp.covered(Date.now())
    this.#supervisor.keep()
    this.#outbox.resume(session, false)
  }

  async stop (): Promise<void> {
    await this.#leave()
    const { session } = this.#supervisor
    if (session === undefined) return
    const timer = setTimeout(() => session.kill('hang'), stopTimeoutMs)
    try {
      await session.call('stop', [])
    } catch (error) {
      // Then it is stopped as well.
      if (!isWakuError(error, 'WAKU_BACKEND_LOST')) throw error
    } finally {
      clearTimeout(timer)
      this.#state.stopped()
    }
  }

  async close (): Promise<void> {
    await (this.#closed ??= this.#close())
  }

  publish (message: WakuMessage, pubsubTopic: string, messageHash: MessageHash, deadline: Deadline): Promise<MessageHash> {
    return this.#outbox.publish(message, pubsubTopic, messageHash, deadline)
  }

  async subscribe (pubsubTopic: string): Promise<void> {
    this.#state.topics.add(pubsubTopic)
    await this.#untilJoined(pubsubTopic, true)
  }

  async unsubscribe (pubsubTopic: string): Promise<void> {
    this.#state.topics.delete(pubsubTopic)
    await this.#untilJoined(pubsubTopic, false)
  }

  async queryStore (query: StoreQuery, peer: string | undefined, signal: AbortSignal): Promise<StorePage> {
    return await this.#read('queryStore', [query, peer], signal)
  }

  async dial (address: string, signal: AbortSignal): Promise<void> {
    await this.#call('dial', [address], signal)
    this.#state.peers.dialled(address)
  }

  async disconnect (peerId: string): Promise<void> {
    this.#state.peers.release(peerId)
    await this.#call('disconnect', [peerId])
    // Once more: it may have been on its way here that it had connected.
    this.#state.peers.release(peerId)
  }

  async ping (peer: string, signal: AbortSignal): Promise<number> {
    return await this.#call('ping', [peer], signal)
  }

  async getPeers (): Promise<readonly PeerInfo[]> {
    const peers = await this.#read('getPeers', [])
    this.#state.peers.learn(peers)
    return peers
  }

  async getPeersInMesh (pubsubTopic: string): Promise<readonly string[]> {
    return await this.#read('getPeersInMesh', [pubsubTopic])
  }

  async getVersion (): Promise<string> {
    return await this.#read('getVersion', [])
  }

  async getListenAddresses (): Promise<readonly string[]> {
    return await this.#read('getListenAddresses', [])
  }

  async getEnr (): Promise<string> {
    return await this.#read('getEnr', [])
  }

  async getMetrics (): Promise<string> {
    return await this.#read('getMetrics', [])
  }

  /** Calls a method of the backend, once there is one. */
  async #call<K extends CallName> (name: K, inputs: CallInputs[K], signal?: AbortSignal): Promise<CallOutput<K>> {
    const session = await this.#supervisor.ready()
    return await session.call(name, inputs, { signal })
  }

  /** Calls a method that changes nothing, and again when its process ends, but only once: it may be what ends it. */
  async #read<K extends CallName> (name: K, inputs: CallInputs[K], signal?: AbortSignal): Promise<CallOutput<K>> {
    try {
      return await this.#call(name, inputs, signal)
    } catch (error) {
      if (!isWakuError(error, 'WAKU_BACKEND_LOST')) throw error
      return await this.#call(name, inputs, signal)
    }
  }

  /** Joins or leaves a topic. A process that takes the place of another has joined what was wanted when it started. */
  async #untilJoined (pubsubTopic: string, isWanted: boolean): Promise<void> {
    for (;;) {
      const session = await this.#supervisor.ready()
      if (this.#state.joined.has(pubsubTopic) === isWanted) return
      try {
        await session.call(isWanted ? 'subscribe' : 'unsubscribe', [pubsubTopic])
        if (isWanted) this.#state.joined.add(pubsubTopic)
        else this.#state.joined.delete(pubsubTopic)
      } catch (error) {
        if (!isWakuError(error, 'WAKU_BACKEND_LOST')) throw error
      }
    }
  }

  async #open (attempt: number | undefined, signal: AbortSignal): Promise<HostSession> {
    const config = attempt === undefined ? this.#config : this.#state.restartConfig(this.#config, attempt < maxAttemptsOnPorts)
    return await HostSession.open({ kind: this.#kind, config, events: this.#sessionEvents() }, signal)
  }

  #sessionEvents () {
    const noted = this.#state.note({
      message: (received) => this.#events?.message(received),
      isHeard: (pubsubTopic) => this.#events?.isHeard?.(pubsubTopic) ?? true,
      hasSeen: (messageHash) => this.#events?.hasSeen?.(messageHash) ?? false,
      peerConnected: (...inputs) => {
        this.#learner.start()
        this.#events?.peerConnected(...inputs)
      },
      peerDisconnected: (...inputs) => this.#events?.peerDisconnected(...inputs),
      topicHealth: (...inputs) => this.#events?.topicHealth(...inputs),
      dropped: (...inputs) => this.#events?.dropped(...inputs),
      unresponsive: (unresponsive) => this.#events?.unresponsive(unresponsive),
      archiveFailed: (error) => this.#events?.archiveFailed(error)
    })
    return { ...noted, caughtUp: (untilMs: number) => this.#catchUp.covered(untilMs) }
  }

  #lost (exit: BackendExit): void {
    this.#config.logger.warn("the backend's process has ended", { ...exit })
    this.#events?.exited(exit)
    this.#catchUp.interrupt()
    if (this.#events !== undefined) this.#state.lost(this.#events)
    this.#outbox.pause()
  }

  #restored (session: HostSession, downMs: number): void {
    this.#config.logger.info("the backend's process has been replaced", { pid: session.pid, downMs })
    this.#events?.restarted({ pid: session.pid, downMs })
    if (this.#events !== undefined) this.#state.restored(this.#events)
    this.#outbox.resume(session, this.#state.hadPeers)
    // To the others the backend connects by itself.
    const wanted = new Set([...this.#config.staticPeers, ...this.#config.storePeers].map(peerIdOf))
    void redialPeers(session, this.#state.peers.addresses(wanted), this.#config.logger)
    this.#catchUp.begin()
  }

  async #close (): Promise<void> {
    await this.#leave()
    await this.#supervisor.close(closeTimeoutMs)
    this.#events = undefined
  }

  /** Ends what goes on by itself. */
  async #leave (): Promise<void> {
    this.#learner.stop()
    this.#catchUp.stop()
    await this.#supervisor.release()
    this.#outbox.clear()
  }
}

/** Takes free ports itself where the node will tell the announced addresses instead of those on which it listens. */
async function withKnownPorts (config: NodeConfig): Promise<NodeConfig> {
  if (config.announceAddresses.length === 0) return config
  const known = async (port: number): Promise<number> => port === 0 ? await freePort(config.host) : port
  return {
    ...config,
    port: await known(config.port),
    websocketPort: config.websocketPort === undefined ? undefined : await known(config.websocketPort)
  }
}
