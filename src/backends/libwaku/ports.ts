import { freePort } from '../../free-port.js'
import { isWildcard } from './config.js'

/** By port, the addresses on which nodes of this thread listen, or are about to. Each address of a machine has ports of its own. */
const taken = new Map<number, Set<string>>()

const maxTries = 10

/**
 * Takes a port that is free, which has to be found out beforehand: the library refuses 0, and does not notice when another of
 * its nodes listens on the port it is given.
 *
 * @param port - 0 takes any.
 * @returns the port, to be given back with {@link releasePort}. Rejects with what the system says when it is in use.
 */
export async function takePort (host: string, port: number): Promise<number> {
  for (let left = maxTries; ; left--) {
    if (isTaken(host, port)) throw new Error(`port ${port} is in use by another node of this process`)
    const found = await freePort(host, port)
    if (isTaken(host, found) && left > 0) continue
    taken.set(found, (taken.get(found) ?? new Set()).add(host))
    return found
  }
}

/** Gives a port back. */
export function releasePort (host: string, port: number | undefined): void {
  if (port === undefined) return
  const hosts = taken.get(port)
  hosts?.delete(host)
  if (hosts?.size === 0) taken.delete(port)
}

function isTaken (host: string, port: number): boolean {
  const hosts = [...taken.get(port) ?? []]
  return hosts.length > 0 && (isWildcard(host) || hosts.some((other) => other === host || isWildcard(other)))
}
