import { freePort } from '../../free-port.js'

/** Ports that nodes of this thread listen on, or are about to. */
const taken = new Set<number>()

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
    if (port !== 0 && taken.has(port)) throw new Error(`port ${port} is in use by another node of this process`)
    const found = await freePort(host, port)
    if (taken.has(found) && left > 0) continue
    taken.add(found)
    return found
  }
}

/** Gives a port back. */
export function releasePort (port: number | undefined): void {
  if (port !== undefined) taken.delete(port)
}
