import { invocation } from '../invocation.js'

/**
 * Words the invitation to a node's room: what to type on this machine and on others. The room is named unless it is the usual one.
 *
 * @param addresses - multiaddrs at which the node listens.
 */
export function invitationTo (addresses: readonly string[], room: string): string {
  const ways = [
    ['From this machine', addresses.filter(isLoopback)],
    ['From other machines', addresses.filter((address) => !isLoopback(address))]
  ] as const
  const join = (address: string): string => `  ${invocation} --connect ${address}${room === 'lobby' ? '' : ` --room ${room}`}`
  return ways.filter(([, reachable]) => reachable.length > 0).map(([from, reachable]) => `${from}:\n${reachable.map(join).join('\n')}`).join('\n')
}

function isLoopback (address: string): boolean {
  return address.startsWith('/ip4/127.') || address.startsWith('/ip6/::1/')
}
