import type { Backend } from '../../backend.js'
import type { Deadline } from '../../deadline.js'
import type { CallInputs, CallName } from './protocol.js'

/** Calls a method of a backend by its name, with a deadline where it takes one or a signal. */
export async function callBackend<K extends CallName> (backend: Backend, name: K, inputs: CallInputs[K], deadline: Deadline): Promise<unknown> {
  const call = { name, inputs } as { [N in CallName]: { readonly name: N, readonly inputs: CallInputs[N] } }[CallName]
  switch (call.name) {
    case 'publish': { await backend.publish(...call.inputs, deadline); return }
    case 'start': { await backend.start(...call.inputs, deadline.signal); return }
    case 'dial': { await backend.dial(...call.inputs, deadline.signal); return }
    case 'queryStore': return await backend.queryStore(...call.inputs, deadline.signal)
    case 'ping': return await backend.ping(...call.inputs, deadline.signal)
    case 'getPeersInMesh': return await backend.getPeersInMesh(...call.inputs)
    case 'subscribe': case 'unsubscribe': case 'disconnect': { await backend[call.name](...call.inputs); return }
    default: return await backend[call.name]()
  }
}
