import { setTimeout as delay } from 'node:timers/promises'
import { reasonOf } from '../../errors.js'
import type { Logger } from '../../options.js'
import type { HostSession } from './session.js'

/** Waits between attempts to reach one peer, in milliseconds; then it is left alone. */
const retryDelaysMs = [500, 1000, 2000, 5000, 10_000]

/** How long one attempt may take, in milliseconds. */
const dialTimeoutMs = 10_000

const maxParallelDials = 8

/** Connects a new process to the peers of the lost one, in the background and as far as they can be reached. */
export async function redialPeers (session: HostSession, peers: ReadonlyArray<readonly string[]>, logger: Logger): Promise<void> {
  let remaining = peers
  for (const delayMs of [...retryDelaysMs, undefined]) {
    remaining = await dialAll(session, remaining)
    if (remaining.length === 0 || session.hasEnded) return
    if (delayMs !== undefined) await delay(delayMs, undefined, { ref: false })
  }
  logger.info('some peers cannot be reached any more', { numPeers: remaining.length })

  async function dialAll (of: HostSession, all: ReadonlyArray<readonly string[]>): Promise<Array<readonly string[]>> {
    const failed: Array<readonly string[]> = []
    const queue = all[Symbol.iterator]()
    await Promise.all(Array.from({ length: Math.min(maxParallelDials, all.length) }, async () => {
      for (const addresses of queue) if (!await dialAny(of, addresses)) failed.push(addresses)
    }))
    return failed
  }

  async function dialAny (of: HostSession, addresses: readonly string[]): Promise<boolean> {
    for (const address of addresses) {
      try {
        await of.call('dial', [address], { signal: AbortSignal.timeout(dialTimeoutMs) })
        return true
      } catch (error) {
        logger.debug('a peer cannot be reached yet', { address, reason: reasonOf(error) })
      }
    }
    return false
  }
}
