import type { Backend } from '../../backend.js'
import type { Deadline } from '../../deadline.js'
import type { CallInputs, CallName } from './protocol.js'

/** Calls a method of a backend by its name, with a deadline where it takes one or a signal. */
export function callBackend<K extends CallName> (backend: Backend, name: K, inputs: CallInputs[K], deadline: Deadline): Promise<unknown> {
  const call = { name, inputs } as { [N in CallName]: { readonly name: N, readonly inputs: CallInputs[N] } }[CallName]
  switch (call.name) {
    case 'publish': return backend.publish(...call.inputs, deadline)
    case 'start': return backend.start(...call.inputs, deadline.signal)
    case 'dial': return backend.dial(...call.inputs, deadline.signal)
    case 'queryStore': return backend.queryStore(...call.inputs, deadline.signal)
    case 'ping': return backend.ping(...call.inputs, deadline.signal)
    case 'getPeersInMesh': return backend.getPeersInMesh(...call.inputs)
    case 'subscribe': case 'unsubscribe': case 'disconnect': return backend[call.name](...call.inputs)
    default: return backend[call.name]()
  }
}
