import type { EventEntry } from '../../shared/ipc.js'
import type { Dictionary } from './dictionary.js'
import type { EventData } from './en-events.js'

/** Words an event of the node. What it does not carry reads as unknown. */
export function eventText ({ type, data }: EventEntry, { events, common }: Dictionary): string {
  const said = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null).map(([key, value]) => [key, String(value)]))
  const complete = new Proxy(said, { get: (target, key) => target[String(key)] ?? common.unknown })
  return events[type](complete as EventData)
}
