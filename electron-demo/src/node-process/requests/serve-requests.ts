import type { EngineMethod, EngineRequestMessage, EngineRequests, Result } from '../../shared/ipc.js'
import { ChatFailure, toChatError } from '../chat-failure.js'
import { requestSchemas } from './schemas.js'

/** One function per request. */
export type RequestHandlers = {
  readonly [M in EngineMethod]: (params: EngineRequests[M]['params']) => EngineRequests[M]['value'] | Promise<EngineRequests[M]['value']>
}

/** Answers one request, whatever it is: with a value, or with an error as data. */
export async function serveRequest (handlers: RequestHandlers, message: unknown): Promise<{ seq: number, result: Result<unknown> } | undefined> {
  if (!isRequest(message)) return undefined
  return { seq: message.seq, result: await resultOf(handlers, message) }
}

async function resultOf (handlers: RequestHandlers, { method, params }: EngineRequestMessage): Promise<Result<unknown>> {
  try {
    if (!Object.hasOwn(requestSchemas, method)) throw new ChatFailure('CHAT_BAD_REQUEST', 'there is no such request', { method: method.slice(0, 100) })
    const parsed = requestSchemas[method].safeParse(params)
    if (!parsed.success) throw new ChatFailure('CHAT_BAD_REQUEST', 'the parameters do not fit', { method, path: parsed.error.issues[0]?.path.join('.') ?? '' })
    return { ok: true, value: await (handlers[method] as (params: unknown) => unknown)(parsed.data) }
  } catch (error) {
    return { ok: false, error: toChatError(error) }
  }
}

function isRequest (message: unknown): message is EngineRequestMessage {
  return typeof message === 'object' && message !== null && 'seq' in message && Number.isSafeInteger(message.seq) &&
    'method' in message && typeof message.method === 'string'
}
