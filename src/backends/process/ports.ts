import { multiaddr } from '@multiformats/multiaddr'

/** Ports that a node listens on. */
export interface Ports {
  readonly port: number
  readonly websocketPort?: number | undefined
}

/** Reads the ports from the addresses that a node listens on; undefined when there is no TCP among them. */
export function boundPorts (addresses: readonly string[]): Ports | undefined {
  let port: number | undefined
  let websocketPort: number | undefined
  for (const address of addresses) {
    const components = multiaddr(address).getComponents()
    // What is behind a relay is another node's port.
    if (components.some(({ name }) => name === 'p2p-circuit')) continue
    const tcp = components.find(({ name }) => name === 'tcp')?.value
    if (tcp === undefined) continue
    if (components.some(({ name }) => name === 'ws')) websocketPort ??= Number(tcp)
    else port ??= Number(tcp)
  }
  return port === undefined ? undefined : { port, websocketPort }
}
