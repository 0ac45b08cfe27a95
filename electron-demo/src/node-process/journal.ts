import type { Logger } from 'nwaku-desktop'
import type { EventEntry, EventType, LogLine } from '../shared/ipc.js'
import { flatDetails } from './chat-failure.js'

/** How many lines and events are kept. */
const capacity = 1000

/** How long new ones are gathered before windows are told, in milliseconds. */
const tellIntervalMs = 250

/** What happened: the tail of the log and of the events, in memory. Neither holds payloads or keys. */
export class Journal {
  readonly #tell: (lines: readonly LogLine[], events: readonly EventEntry[]) => void
  #lines: LogLine[] = []
  #events: EventEntry[] = []
  #newLines: LogLine[] = []
  #newEvents: EventEntry[] = []
  #nextId = 1
  #timer: NodeJS.Timeout | undefined

  constructor (tell: (lines: readonly LogLine[], events: readonly EventEntry[]) => void) {
    this.#tell = tell
  }

  get lines (): readonly LogLine[] {
    return this.#lines
  }

  get events (): readonly EventEntry[] {
    return this.#events
  }

  /** Makes the logger that is given to a node, or used by the engine itself. */
  logger (source: LogLine['source']): Logger {
    const at = (level: LogLine['level']) => (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      this.#lines = keep(this.#lines, this.#newLines, { id: this.#nextId++, at: Date.now(), level, source, message, fields: flatDetails(fields) })
      this.#schedule()
    }
    return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
  }

  /** Notes an event. */
  note (type: EventType, data: Readonly<Record<string, unknown>> = {}): void {
    this.#events = keep(this.#events, this.#newEvents, { id: this.#nextId++, at: Date.now(), type, data: flatDetails(data) })
    this.#schedule()
  }

  #schedule (): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#tell(this.#newLines.slice(-capacity), this.#newEvents.slice(-capacity))
      this.#newLines = []
      this.#newEvents = []
    }, tellIntervalMs)
  }
}

function keep<T> (kept: T[], fresh: T[], one: T): T[] {
  kept.push(one)
  fresh.push(one)
  // Now and then, so that a line costs no copy of all others.
  if (fresh.length > 2 * capacity) fresh.splice(0, capacity)
  return kept.length > 2 * capacity ? kept.slice(-capacity) : kept
}
