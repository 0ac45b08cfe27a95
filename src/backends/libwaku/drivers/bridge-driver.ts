import { WakuError, invalidArgument, reasonOf } from '../../../errors.js'
import { readBatch, type Item } from './batch.js'
import { BridgeContext } from './bridge-context.js'
import { output, type Bridge } from './bridge.js'
import type { FunctionCall } from './call-packer.js'
import type { AnswerListener, ContextOptions, Driver, DriverContext, DriverEvent, DriverStats, OpenLibrary, OpenOptions, Reply, WaitOptions } from './driver.js'
import { Pending, throwIfAborted } from './pending.js'
import { copyOfReply, readText } from './read-text.js'
import { closed, refusal } from './refusal.js'

type UnnumberedCall = Omit<FunctionCall, 'request'>

/** Waits for nothing. */
const givenUp: WaitOptions = { signal: AbortSignal.abort() }

const defaults = { maxEvents: 32_768, maxEventBytes: 64 * 1024 * 1024, maxCalls: 1024, isPaced: false }

/**
 * The {@link Driver} over a {@link Bridge}: the same for each. It keeps the process alive only while an answer is
 * awaited or a node is started.
 */
export class BridgeDriver implements Driver {
  readonly name: Bridge['name']
  readonly #bridge: Bridge
  readonly #pending: Pending
  readonly #contexts = new Map<number, BridgeContext>()
  #alive = false
  #closed = false
  #path = ''

  constructor (bridge: Bridge) {
    this.name = bridge.name
    this.#bridge = bridge
    this.#pending = new Pending(() => this.#updateKeepAlive())
    bridge.start((batch) => this.#handOver(readBatch(batch)))
  }

  async open (libraryPath: string, options: OpenOptions = {}): Promise<OpenLibrary> {
    if (libraryPath === '') throw invalidArgument('libraryPath', 'it is empty')
    refuseNul('libraryPath', libraryPath)
    const refused = { operation: 'open', path: libraryPath }
    throwIfAborted('open', options.signal)
    const reply = await this.#ask({ context: 0, name: 'open', args: [libraryPath, output[options.output ?? 'ignore']] }, options)
    const text = readText(reply, 'open')
    if (reply.code !== 0) throw refusal(reply.code, { ...refused, text })
    const [generation = '', functions = '', ...path] = text.split('\n')
    this.#path = path.join('\n')
    return { generation: generation as OpenLibrary['generation'], functions: new Set(functions.split(' ')), path: this.#path }
  }

  async create (configJson: string, options: ContextOptions = {}): Promise<DriverContext> {
    refuseNul('configJson', configJson)
    const limits = { ...defaults, ...options }
    const refused = { operation: 'create', path: this.#path }
    throwIfAborted('create', options.signal)
    let id = 0
    try {
      const args = [configJson, limits.maxEvents, limits.maxEventBytes, limits.maxCalls, Number(limits.isPaced)]
      const reply = await this.#ask({ context: 0, name: 'create', args }, options, (request) => {
        id = request
        // Events can come before the answer.
        this.#contexts.set(id, this.#makeContext(id, limits.maxCalls, options))
      })
      if (reply.code < 0) throw refusal(reply.code, { ...refused, text: readText(reply, 'create') })
      if (reply.code > 0) throw new WakuError('WAKU_LIBRARY_ERROR', 'the library made no node', { operation: 'create', libraryMessage: withoutSecrets(reply) })
    } catch (error) {
      this.#contexts.delete(id)
      if (id > 0 && !this.#closed) this.#destroy(id, givenUp).catch(() => {})
      throw error
    }
    const context = this.#contexts.get(id)
    if (context === undefined) throw closed('create')
    return context
  }

  stats (): DriverStats {
    const [contexts = 0, leakedContexts = 0, dispatchers = 0, idleDispatchers = 0, openRequests = 0, strayReplies = 0, strayEvents = 0, lostReplies = 0, sessions = 0] = this.#bridge.stats() ?? []
    return { contexts, leakedContexts, dispatchers, idleDispatchers, openRequests, strayReplies, strayEvents, lostReplies, sessions }
  }

  close (): void {
    if (this.#closed) return
    this.#closed = true
    this.#contexts.clear()
    this.#bridge.close()
    this.#pending.failAll(() => closed('close'))
  }

  #makeContext (id: number, maxCalls: number, { onEvents, onDropped }: ContextOptions): BridgeContext {
    const context = new BridgeContext(id, { onEvents, onDropped }, {
      maxCalls,
      begin: (name, args, options, listener) => {
        throwIfAborted(name, options.signal)
        const request = this.#begin({ context: id, name, args, repeated: options.repeated }, options, listener, context)
        options.deadline?.listen(() => this.#cancel(id, request))
      },
      destroy: async (options) => await this.#destroy(id, options),
      stats: () => this.#closed ? undefined : this.#bridge.stats(id),
      onChange: () => this.#updateKeepAlive(),
      forget: () => this.#contexts.delete(id)
    })
    return context
  }

  #cancel (context: number, request: number): void {
    if (this.#closed) return
    // What comes of it is the answer to the call itself.
    this.#begin({ context, name: 'cancel', args: [request] }, {}, { answered: () => {}, failed: () => {} })
  }

  /** Begun even if the caller does not wait. */
  async #destroy (id: number, options: WaitOptions = {}): Promise<Reply> {
    return await this.#ask({ context: id, name: 'destroy', args: [] }, options)
  }

  /** Makes a call and waits for its answer. @param begun - is told the number of the request. */
  async #ask (call: UnnumberedCall, options: WaitOptions, begun: (request: number) => void = () => {}): Promise<Reply> {
    return await new Promise((resolve, reject) => {
      begun(this.#begin(call, options, { answered: (reply) => resolve(copyOfReply(reply)), failed: reject }))
    })
  }

  /** Makes a call. @returns the number of the request. */
  #begin ({ context, name, args, repeated }: UnnumberedCall, options: WaitOptions, listener: AnswerListener, owner?: BridgeContext): number {
    if (this.#closed) throw closed(name)
    const request = this.#pending.add(name, listener, owner)
    try {
      this.#bridge.call({ request, context, name, args, repeated })
    } catch (error) {
      this.#pending.forget(request)
      throw error
    }
    this.#pending.limit(request, options)
    return request
  }

  #updateKeepAlive (): void {
    const alive = !this.#closed && (this.#pending.size > 0 || [...this.#contexts.values()].some((context) => context.running))
    if (alive === this.#alive) return
    this.#alive = alive
    if (!this.#closed) this.#bridge.keepAlive(alive)
  }

  #handOver (items: readonly Item[]): void {
    const events = new Map<number, DriverEvent[]>()
    for (const item of items) {
      const { kind, code, id } = item
      if (kind === 'reply') {
        this.#pending.settle(id, item)
      } else if (kind === 'dropped') {
        rethrowLater(() => this.#contexts.get(id)?.onDropped(code))
      } else {
        const own = events.get(id)
        if (own === undefined) events.set(id, [item])
        else own.push(item)
      }
    }
    for (const [id, own] of events) rethrowLater(() => this.#contexts.get(id)?.onEvents(own))
  }
}

/** Keeps a listener's bug from the others; it is still reported as uncaught, which a throw into the addon is not. */
function rethrowLater (tell: () => void): void {
  try {
    tell()
  } catch (error) {
    setImmediate(() => { throw error })
  }
}

function refuseNul (argument: string, text: string): void {
  if (text.includes('\0')) throw invalidArgument(argument, 'it holds a NUL')
}

/** The library echoes its configuration, keys and all, when it cannot read it. */
function withoutSecrets (reply: Reply): string {
  try {
    return readText(reply, 'create').replace(/\s*configJson string:.*$/s, '').replace(/[0-9a-f]{64}/gi, '<64 hex digits>')
  } catch (error) {
    return reasonOf(error)
  }
}
