import type * as koffiModule from 'koffi'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { isMainThread } from 'node:worker_threads'
import { fate, interfaceVersion, type FrontDoor } from './bridge.js'
import { candidates, loadFirst } from './locate.js'

// koffi calls the bridge and nothing else. It runs each call on a stack of its own, and the library's collector
// scans a thread's stack up to the highest bottom it ever saw: a call of the library from here crashes within a few
// thousand. The bridge's functions only queue work for threads with stacks of their own.

type Koffi = typeof koffiModule

/** native/src/bridge.h. */
interface Functions {
  interfaceVersion (): number
  sessionOpen (wake: null, data: null, descriptor: Int32Array): number
  sessionClose (session: number, fate: number): void
  call (session: number, calls: Buffer, size: number): number
  batchPrepare (session: number, maxWaitMs: number): number
  batchTake (session: number, buffer: Buffer, capacity: number): number
  hostServe (path: string, descriptor: Int32Array): number
  processEnds (): void
  processStats (figures: Float64Array, count: number): number
  contextStats (session: number, context: number, figures: Float64Array, count: number): number
}

const maxFigures = 16

/**
 * Loads the bridge as a shared library through koffi, for runtimes in which the addon does not load. koffi is an
 * optional dependency.
 *
 * @param paths - where the bridge may be, best first.
 * @throws {WakuError} `WAKU_UNAVAILABLE`, with every attempt.
 */
export function loadKoffi (paths: readonly string[] = candidates('bridge')): FrontDoor {
  return new KoffiDoor(loadFirst('the native bridge through koffi', paths, loadFunctions))
}

function loadFunctions (path: string): Functions {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi
  const library = koffi.load(path)
  const functions = {
    interfaceVersion: library.func('wb_interface_version', 'int32_t', []),
    sessionOpen: library.func('wb_session_open', 'int64_t', ['void *', 'void *', 'int32_t *']),
    sessionClose: library.func('wb_session_close', 'void', ['int64_t', 'int32_t']),
    call: library.func('wb_call', 'int32_t', ['int64_t', 'uint8_t *', 'uint64_t']),
    batchPrepare: library.func('wb_batch_prepare', 'int64_t', ['int64_t', 'uint32_t']),
    batchTake: library.func('wb_batch_take', 'int64_t', ['int64_t', 'uint8_t *', 'uint64_t']),
    hostServe: library.func('wb_host_serve', 'int32_t', ['const char *', 'int32_t *']),
    processEnds: library.func('wb_process_ends', 'void', []),
    processStats: library.func('wb_process_stats', 'int32_t', ['double *', 'uint32_t']),
    contextStats: library.func('wb_context_stats', 'int32_t', ['int64_t', 'int64_t', 'double *', 'uint32_t'])
  } as unknown as Functions
  const version = functions.interfaceVersion()
  if (version !== interfaceVersion) throw new Error(`it has interface ${version}, this version needs ${interfaceVersion}`)
  return functions
}

/**
 * The bridge wakes this front door by a byte on a socket rather than by a callback: koffi's callbacks from foreign
 * threads do not survive the end of a worker, a socket that is closed does.
 */
class KoffiDoor implements FrontDoor {
  readonly name = 'koffi'
  readonly #functions: Functions
  #session = 0
  #socket: Socket | undefined
  // The end of the main thread is the end of the process, in which nodes are left alone.
  readonly #onExit = (): void => this.#functions.sessionClose(this.#session, isMainThread ? fate.leak : fate.destroy)

  constructor (functions: Functions) {
    this.#functions = functions
  }

  start (onWake: () => void): void {
    const descriptor = new Int32Array(1)
    this.#session = this.#functions.sessionOpen(null, null, descriptor)
    if (this.#session < 0) throw new Error('no socket pair is left')
    this.#socket = new Socket({ fd: descriptor[0], readable: true, writable: false })
    this.#socket.on('data', onWake).on('error', () => undefined).unref()
    process.once('exit', this.#onExit)
  }

  keepAlive (on: boolean): void {
    if (on) this.#socket?.ref()
    else this.#socket?.unref()
  }

  call (calls: Buffer): number { return this.#functions.call(this.#session, calls, calls.length) }
  prepare (maxWaitMs: number): number { return this.#functions.batchPrepare(this.#session, maxWaitMs) }
  take (batch: Buffer): void { this.#functions.batchTake(this.#session, batch, batch.length) }

  serve (path: string): number {
    const descriptor = new Int32Array(1)
    const status = this.#functions.hostServe(path, descriptor)
    return status === 0 ? descriptor[0] ?? -1 : status
  }

  processEnds (): void { this.#functions.processEnds() }

  stats (context?: number): readonly number[] | undefined {
    const figures = new Float64Array(maxFigures)
    const count = context === undefined
      ? this.#functions.processStats(figures, maxFigures)
      : this.#functions.contextStats(this.#session, context, figures, maxFigures)
    return count < 0 ? undefined : [...figures.subarray(0, count)]
  }

  close (): void {
    process.off('exit', this.#onExit)
    this.#functions.sessionClose(this.#session, fate.destroy)
    this.#socket?.destroy()
  }
}
