import type { ContextOptions, Driver, DriverContext, DriverEvent, Reply } from '../../../src/backends/libwaku/drivers/driver.js'
import { readText } from '../../../src/backends/libwaku/drivers/read-text.js'

/** Polls until `holds` does; fails at the deadline, saying what did not come. */
export async function until (what: string, holds: () => boolean, deadlineMs = 10_000): Promise<void> {
  const end = performance.now() + deadlineMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Creates a node with what the fake library is to do, and keeps all its events. */
export async function makeNode (driver: Driver, config: Record<string, unknown> = {}, options: ContextOptions = {}): Promise<{ context: DriverContext, events: DriverEvent[], dropped: () => number }> {
  const events: DriverEvent[] = []
  let dropped = 0
  const context = await driver.create(JSON.stringify(config), {
    timeoutMs: 10_000,
    onEvents: (batch) => events.push(...keep(batch)),
    onDropped: (count) => { dropped += count },
    ...options
  })
  return { context, events, dropped: () => dropped }
}

/** Copies events, so that they outlive the turn that they came with. */
export function keep (events: readonly DriverEvent[]): DriverEvent[] {
  return events.map(({ code, bytes, payload }) => ({ code, bytes: Buffer.from(bytes), ...(payload !== undefined && { payload: Buffer.from(payload) }) }))
}

/** The text of an answer. */
export function textOf (reply: Pick<Reply, 'bytes'>): string {
  return readText(reply, 'a test')
}

/** Has the fake library do something odd in answer to a call, and returns the answer. */
export async function provoke (context: DriverContext, behaviour: string, timeoutMs = 10_000): Promise<Reply> {
  return context.call('waku_relay_subscribe', [`fake:${behaviour}`], { timeoutMs })
}

/** The numbers of the fake library's own events, in the order in which they came. */
export function numbersOf (events: readonly DriverEvent[]): number[] {
  return events.map((event) => JSON.parse(textOf(event)) as { eventType: string, number: number })
    .filter(({ eventType }) => eventType === 'fake')
    .map(({ number }) => number)
}
