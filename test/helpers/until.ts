import { expect, onTestFinished, vi } from 'vitest'
import type { WakuNode, WakuNodeEvents } from 'nwaku-desktop'

/** How long anything that is to happen may take, in milliseconds. */
const deadlineMs = 15_000

/** Waits until a value that is read again and again equals the expected one. */
export async function untilEqual<T> (read: () => T | Promise<T>, expected: T): Promise<void> {
  await until(async () => { expect(await read()).toEqual(expected) })
}

/** Waits until an assertion holds, and fails as it does when it never held in time. */
export async function until<T> (assert: () => T | Promise<T>): Promise<T> {
  return await vi.waitFor(assert, { timeout: deadlineMs, interval: 15 })
}

/** Waits for the next event of a kind that fits. */
export async function nextEvent<K extends keyof WakuNodeEvents> (
  node: WakuNode, event: K, fits: (payload: WakuNodeEvents[K]) => boolean = () => true
): Promise<WakuNodeEvents[K]> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      off()
      reject(new Error(`no fitting ${event} event came`))
    }, deadlineMs)
    const off = node.on(event, (payload) => {
      if (!fits(payload)) return
      clearTimeout(timer)
      off()
      resolve(payload)
    })
  })
}

/** Collects the events of a kind from now on until the test ends. */
export function collectEvents<K extends keyof WakuNodeEvents> (node: WakuNode, event: K): Array<WakuNodeEvents[K]> {
  const events: Array<WakuNodeEvents[K]> = []
  onTestFinished(node.on(event, (payload) => events.push(payload)))
  return events
}
