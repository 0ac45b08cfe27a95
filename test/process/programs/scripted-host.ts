import '../../../src/polyfills.js'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Backend, BackendEvents, Capabilities } from '../../../src/backend.js'
import { serveBackend } from '../../../src/backends/process/serve.js'
import type { NodeConfig } from '../../../src/config.js'
import { WakuError } from '../../../src/errors.js'
import type { MessageHash, WakuMessage } from '../../../src/message.js'
import type { PeerInfo } from '../../../src/peers.js'
import { makeMessage } from '../../helpers/make-message.js'

// A host whose backend does what a test tells it by `ping`, and writes into `peerStorePath` what it was asked to do.

const supports: Capabilities = {
  relay: true, unsubscribe: true, protectedShards: true, storeClient: true, storeService: true, ownStore: false, webSocket: true, ephemeralPort: true, restart: true, proofs: true, peerDetails: true, ownMetrics: true, reliability: false
}

const kept: Buffer[] = []

class ScriptedBackend implements Backend {
  readonly name = 'js'
  readonly supports = supports
  readonly #config: NodeConfig
  readonly #events: BackendEvents
  #holds = false
  #numRefused = 0

  constructor (config: NodeConfig, events: BackendEvents) {
    this.#config = config
    this.#events = events
  }

  async start (pubsubTopics: readonly string[], signal: AbortSignal): Promise<void> {
    this.#note('start', pubsubTopics.join())
    // The agent tells what the first moment is to be like.
    if (this.#config.agent === 'dies at start') process.exit(3)
    if (this.#config.agent === 'slow to start') await new Promise((resolve) => { signal.addEventListener('abort', resolve) })
    signal.throwIfAborted()
  }

  async stop (): Promise<void> {
    this.#note('stop')
    if (this.#config.agent === 'never stops') await never()
  }

  async close (): Promise<void> {
    this.#note('close')
    if (this.#config.agent === 'never closes') await never()
  }

  async publish (message: WakuMessage, pubsubTopic: string, messageHash: MessageHash): Promise<MessageHash> {
    const text = new TextDecoder().decode(message.payload)
    if (text === 'poison') process.exit(4)
    if (this.#holds) await never()
    if (text === 'refused' || (text === 'refused at first' && this.#numRefused++ < 3)) throw new WakuError('WAKU_NO_PEERS', 'no peer', { protocol: 'relay' })
    this.#note('publish', text.slice(0, 100))
    this.#events.message(makeMessage({ ...message, pubsubTopic }))
    return messageHash
  }

  async subscribe (pubsubTopic: string): Promise<void> {
    this.#note('subscribe', pubsubTopic)
  }

  async unsubscribe (pubsubTopic: string): Promise<void> {
    this.#note('unsubscribe', pubsubTopic)
  }

  async queryStore (): Promise<never> {
    this.#note('queryStore')
    throw new WakuError('WAKU_STORE_FAILED', 'the store is tired', { statusCode: 503, statusDesc: 'tired' }, { cause: new Error('late hours') })
  }

  async dial (address: string): Promise<void> {
    this.#note('dial', address)
  }

  async ping (script: string, signal: AbortSignal): Promise<number> {
    const [verb = '', first = '', second = ''] = script.split(' ')
    switch (verb) {
      case 'exit': process.exit(Number(first)); break
      case 'signal': process.kill(process.pid, first); await never(); break
      case 'throw': setImmediate(() => { throw new Error('thrown by the script') }); await never(); break
      case 'loop': for (;;) if (process.pid < 0) break; break
      case 'allocate': kept.push(Buffer.alloc(Number(first) * 1024 * 1024, 1)); break
      case 'unresponsive': this.#events.unresponsive(true); break
      case 'print': console.log(first); console.error(second); break
      case 'log': this.#config.logger.warn(first, { big: 1n, strange: () => {}, error: new Error('inner') }); break
      case 'hold': this.#holds = true; break
      case 'emit': for (let n = 0; n < Number(first); n++) this.#events.message(makeMessage({ payload: Buffer.alloc(Number(second), n), timestamp: BigInt(n) })); break
      case 'connect': this.#events.peerConnected(first, second); break
      case 'health': this.#events.topicHealth(first, 'MinimallyHealthy'); break
      case 'never': await never(); break
      case 'wait':
        await once(signal, 'abort')
        this.#note('aborted', String(signal.reason))
        throw signal.reason
      case 'reject': throw new TypeError('not a script')
    }
    return process.pid
  }

  async disconnect (peerId: string): Promise<void> {
    this.#note('disconnect', peerId)
  }

  async getPeers (): Promise<readonly PeerInfo[]> {
    return []
  }

  async getPeersInMesh (pubsubTopic: string): Promise<readonly string[]> {
    if (pubsubTopic === 'ends the process') process.exit(5)
    return [pubsubTopic]
  }

  async getVersion (): Promise<string> {
    return JSON.stringify({ argv: process.argv, execArgv: process.execArgv, env: process.env, nodeKey: this.#config.nodeKey })
  }

  async getListenAddresses (): Promise<readonly string[]> {
    // As the JS backend does with a free port.
    return [`/ip4/127.0.0.1/tcp/${this.#config.port === 0 ? 10_000 + process.pid % 50_000 : this.#config.port}/p2p/16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bUZ`]
  }

  async getEnr (): Promise<string> {
    return 'enr:'
  }

  async getMetrics (): Promise<string> {
    return ''
  }

  #note (what: string, about = ''): void {
    if (this.#config.peerStorePath !== undefined) appendFileSync(join(this.#config.peerStorePath, 'log'), `${what} ${about}\n`)
  }
}

async function never (): Promise<void> {
  await new Promise(() => {})
}

serveBackend(async (config, events) => {
  if (config.agent === 'refuses') throw new WakuError('WAKU_UNAVAILABLE', 'no library', { attempts: [{ path: '/lib', reason: 'missing' }] })
  if (config.agent === 'dies at once') process.exit(2)
  return new ScriptedBackend(config, events)
})
