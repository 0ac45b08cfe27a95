import { WakuError, invalidArgument } from '../../../errors.js'
import { status } from './bridge.js'

/** What was asked for when the bridge refused it. */
export interface Refused {
  /** The library's function, or `open`, `create`, `destroy`. */
  readonly operation: string
  /** Of the library. */
  readonly path?: string
  readonly maxCalls?: number
  /** What the bridge said. */
  readonly text?: string
}

/** How the reason begins when the library opens, and is none that this version knows. */
export const unknownInterface = 'its interface is unknown'

const reasons: Record<number, string> = {
  [status.noLibrary]: 'no library is open',
  [status.otherLibrary]: 'another library is open in this process',
  [status.loadFailed]: 'the system cannot load it',
  [status.unknownAbi]: unknownInterface,
  [status.noResources]: 'no thread or memory is left'
}

/** Makes the error for a negative status of the bridge. */
export function refusal (code: number, { operation, path = '', maxCalls = 0, text = '' }: Refused): WakuError {
  switch (code) {
    case status.closed:
      return closed(operation)
    case status.notReady:
      return new WakuError('WAKU_NOT_STARTED', `${operation}: the node is not ready`, { status: 'creating' })
    case status.unknownFunction:
      return new WakuError('WAKU_NOT_SUPPORTED', `this library has no ${operation}`, { capability: operation })
    case status.badArguments:
      return invalidArgument(operation, 'wrong number, kind or range of arguments')
    case status.queueFull:
      return new WakuError('WAKU_QUEUE_FULL', `${maxCalls} calls are open`, { queue: 'calls', limit: maxCalls })
    case status.cancelled:
      return new WakuError('WAKU_ABORTED', `${operation} was given up`, { operation })
    case status.tooManyFiles: {
      const libraryMessage = 'the process has about a thousand files open, and libwaku works with descriptors below 1024 only; start nodes before, or in a process of their own'
      return new WakuError('WAKU_LIBRARY_ERROR', libraryMessage, { operation, libraryMessage })
    }
    default: {
      const reason = [reasons[code] ?? `status ${code}`, text].filter(Boolean).join(': ')
      return new WakuError('WAKU_UNAVAILABLE', `${operation}: ${reason}`, { attempts: [{ path, reason }] })
    }
  }
}

/** Makes the error for what is asked of a node or driver that is gone. */
export function closed (operation: string): WakuError<'WAKU_CLOSED'> {
  return new WakuError('WAKU_CLOSED', `${operation}: the node is closed`, { status: 'closed' })
}
