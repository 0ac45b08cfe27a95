import type { AppEvent, EngineMethod, EnginePortMessage, EngineRequestMessage, EngineRequests, Result } from '../shared/ipc.js'

/** Requests that wait for a port; beyond it something is wrong. */
const maxWaiting = 1000

type Settle = (result: Result<never>) => void

/** The window's end of the channel to the engine: matches answers with requests, over the change from one engine to the next. */
export class EngineConnection {
  readonly #tell: (event: AppEvent) => void
  readonly #pending = new Map<number, Settle>()
  #port: MessagePort | undefined
  #waiting: EngineRequestMessage[] = []
  #nextSeq = 1

  constructor (tell: (event: AppEvent) => void) {
    this.#tell = tell
  }

  /** Talks over a new port from now on. What was asked over the old one is not answered any more. */
  connect (port: MessagePort): void {
    this.disconnect()
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<EnginePortMessage>) => this.#hear(data)
    for (const request of this.#waiting) port.postMessage(request)
    this.#waiting = []
  }

  /** The engine is gone. */
  disconnect (): void {
    this.#port?.close()
    this.#port = undefined
    const isWaiting = new Set(this.#waiting.map(({ seq }) => seq))
    for (const [seq, settle] of this.#pending) {
      if (isWaiting.has(seq)) continue
      this.#pending.delete(seq)
      settle({ ok: false, error: { code: 'CHAT_ENGINE_LOST', message: 'the engine ended before it answered', details: {} } })
    }
  }

  async request<M extends EngineMethod> (method: M, params: EngineRequests[M]['params']): Promise<Result<EngineRequests[M]['value']>> {
    const request: EngineRequestMessage = { seq: this.#nextSeq++, method, params }
    return await new Promise((resolve) => {
      if (this.#port === undefined && this.#waiting.length >= maxWaiting) {
        resolve({ ok: false, error: { code: 'CHAT_ENGINE_LOST', message: 'there is no engine', details: {} } })
        return
      }
      this.#pending.set(request.seq, resolve)
      if (this.#port === undefined) this.#waiting.push(request)
      else this.#port.postMessage(request)
    })
  }

  #hear (message: EnginePortMessage): void {
    if ('event' in message) {
      this.#tell(message.event)
      return
    }
    const settle = this.#pending.get(message.seq)
    this.#pending.delete(message.seq)
    settle?.(message.result as Result<never>)
  }
}
