import { networkInterfaces } from 'node:os'
import { isIPv6 } from 'node:net'
import type { NodeConfig } from '../../config.js'
import { isWildcard } from './config.js'

/** Where a node listens. */
export interface Ports {
  readonly tcpPort: number
  readonly websocketPort: number | undefined
}

/** The multiaddrs on which a node is told to listen, the wildcard address as it stands. */
export function listenAddresses ({ host }: NodeConfig, ports: Ports): string[] {
  return onHost(host, ports)
}

/** The multiaddrs at which peers reach a node, without its peer id: those to announce, else one for each address of the machine it listens on. */
export function reachableAddresses ({ host, announceAddresses }: NodeConfig, ports: Ports): string[] {
  if (announceAddresses.length > 0) return [...announceAddresses]
  if (!isWildcard(host)) return onHost(host, ports)
  const family = isIPv6(host) ? 'IPv6' : 'IPv4'
  const hosts = Object.values(networkInterfaces()).flat().filter((entry) => entry?.family === family)
  return hosts.flatMap((entry) => onHost(entry?.address ?? '', ports))
}

/**
 * Picks what else peers may reach the node at out of what the library announces: an address that a router gave. The library's
 * own list is no use otherwise, because it puts the machine's first address in place of the one it listens on.
 */
export function addressesFromRouter (announced: readonly string[]): string[] {
  const own = new Set(Object.values(networkInterfaces()).flat().map((entry) => entry?.address))
  return announced.map((address) => address.replace(/\/p2p\/[^/]+$/, ''))
    .filter((address) => !own.has(/^\/ip[46]\/([^/]+)\//.exec(address)?.[1]) && !address.startsWith('/ip4/0.0.0.0/') && !address.includes('/p2p-circuit'))
}

function onHost (host: string, { tcpPort, websocketPort }: Ports): string[] {
  const ip = isIPv6(host) ? `/ip6/${host}` : `/ip4/${host}`
  return [`${ip}/tcp/${tcpPort}`, ...(websocketPort === undefined ? [] : [`${ip}/tcp/${websocketPort}/ws`])]
}
