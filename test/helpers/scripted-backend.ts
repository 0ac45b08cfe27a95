import type { Backend, BackendEvents, Capabilities } from '../../src/backend.js'
import type { StorePage } from '../../src/store.js'

/** What a scripted backend can be told to do in the place of each of its methods. */
export type Script = { [Method in keyof Backend as Backend[Method] extends (...parameters: never[]) => Promise<unknown> ? Method : never]?: Backend[Method] }

/** A backend that does nothing at once, except what its script says, and notes what it was asked to do. */
export class ScriptedBackend implements Backend {
  readonly name = 'js'
  readonly supports: Readonly<Capabilities>
  readonly calls: string[] = []
  readonly script: Script
  readonly events: BackendEvents

  constructor (events: BackendEvents, script: Script = {}, supports: Partial<Capabilities> = {}) {
    this.events = events
    this.script = script
    this.supports = {
      relay: true, unsubscribe: true, protectedShards: true, storeClient: true, storeService: true, ownStore: false, webSocket: true, ephemeralPort: true, restart: true, proofs: true, peerDetails: true, ownMetrics: true, reliability: false, ...supports
    }
  }

  start: Backend['start'] = async (topics, signal) => await this.#do(`start ${topics.join(' ')}`.trim(), this.script.start?.(topics, signal))
  stop: Backend['stop'] = async () => await this.#do('stop', this.script.stop?.())
  close: Backend['close'] = async () => await this.#do('close', this.script.close?.())
  subscribe: Backend['subscribe'] = async (topic) => await this.#do(`subscribe ${topic}`, this.script.subscribe?.(topic))
  unsubscribe: Backend['unsubscribe'] = async (topic) => await this.#do(`unsubscribe ${topic}`, this.script.unsubscribe?.(topic))
  publish: Backend['publish'] = async (...all) => await this.#do('publish', this.script.publish?.(...all))
  dial: Backend['dial'] = async (...all) => await this.#do('dial', this.script.dial?.(...all))
  disconnect: Backend['disconnect'] = async (peerId) => await this.#do('disconnect', this.script.disconnect?.(peerId))
  ping: Backend['ping'] = async (...all) => await this.#do('ping', this.script.ping?.(...all) ?? Promise.resolve(0))
  queryStore: Backend['queryStore'] = async (...all): Promise<StorePage> => await this.#do('queryStore', this.script.queryStore?.(...all) ?? Promise.resolve({ messages: [] }))
  getPeers: Backend['getPeers'] = async () => await this.script.getPeers?.() ?? []
  getPeersInMesh: Backend['getPeersInMesh'] = async () => []
  getVersion: Backend['getVersion'] = async () => 'scripted v0.0.0'
  getListenAddresses: Backend['getListenAddresses'] = async () => []
  getEnr: Backend['getEnr'] = async () => 'enr:'
  getMetrics: Backend['getMetrics'] = async () => ''

  async #do<T> (call: string, result: Promise<T> | undefined): Promise<T> {
    this.calls.push(call)
    return await result as T
  }
}
