/*
 * What js-libp2p 3 uses and older runtimes lack. Imported before anything else. Node 20 lacks Promise.withResolvers and
 * WebSocket; Electron 25, on Node 18, also CustomEvent, crypto, AbortSignal.any and Symbol.asyncDispose. Nothing that exists is replaced.
 */
import { webcrypto } from 'node:crypto'
import { WebSocket } from 'ws'

function define (target: object, key: PropertyKey, value: unknown): void {
  if (!(key in target)) Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false })
}

define(Promise, 'withResolvers', function withResolvers<T> (this: PromiseConstructor): PromiseWithResolvers<T> {
  let resolve!: PromiseWithResolvers<T>['resolve']
  let reject!: PromiseWithResolvers<T>['reject']
  const promise = new this<T>((...functions) => { [resolve, reject] = functions })
  return { promise, resolve, reject }
})

// js-libp2p forgets a socket whose dial was given up. One that fails then has no listener, which a browser's WebSocket does not mind.
class QuietWebSocket extends WebSocket {
  constructor (...parameters: ConstructorParameters<typeof WebSocket>) {
    super(...parameters)
    this.on('error', () => {})
  }
}

define(globalThis, 'WebSocket', QuietWebSocket)
define(globalThis, 'crypto', webcrypto)

define(globalThis, 'CustomEvent', class CustomEvent<T> extends Event {
  readonly detail: T | null
  constructor (type: string, options?: ConstructorParameters<typeof Event>[1] & { readonly detail?: T }) {
    super(type, options)
    this.detail = options?.detail ?? null
  }
})

define(AbortSignal, 'any', (signals: Iterable<AbortSignal>): AbortSignal => {
  const all = [...signals]
  const controller = new AbortController()
  const abort = (event: Event): void => follow(event.target as AbortSignal)
  function follow (signal: AbortSignal): void {
    for (const each of all) each.removeEventListener('abort', abort)
    controller.abort(signal.reason)
  }
  for (const signal of all) {
    if (signal.aborted) {
      follow(signal)
      break
    }
    signal.addEventListener('abort', abort)
  }
  return controller.signal
})

define(Symbol, 'dispose', Symbol.for('nodejs.dispose'))
define(Symbol, 'asyncDispose', Symbol.for('nodejs.asyncDispose'))
