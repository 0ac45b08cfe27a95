import { useMemo, useState } from 'preact/hooks'
import { eventTypes, type EventType } from '../../../shared/ipc.js'
import { events } from '../../state/app-state.js'
import { eventText } from '../../text/event-text.js'
import { formats, t } from '../../text/language.js'
import { Field } from '../base/field.js'
import { LogView } from './log-view.js'

/** Events that deserve attention. */
const alarming = new Set<EventType>(['backend:exit', 'node:unresponsive', 'archive:error', 'events:dropped', 'message:failed', 'listener:error', 'offline'])

/** What happened to the node, by type and by word. */
export function EventLog () {
  const [type, setType] = useState<EventType | ''>('')
  const [filter, setFilter] = useState('')
  const words = t.value
  const { panel } = words
  const entries = useMemo(() => events.value
    .map((event) => ({ ...event, text: eventText(event, words) }))
    .filter((event) => (type === '' || event.type === type) && `${event.type} ${event.text}`.toLowerCase().includes(filter.trim().toLowerCase()))
    .map((event) => ({
      id: event.id,
      tone: event.type === 'trouble' ? 'trouble' : alarming.has(event.type) ? 'warn' : 'info',
      content: <><time>{formats.value.exactTime(event.at)}</time> <span class='log-type'>{event.type}</span> <span class='log-text'>{event.text}</span></>
    })), [events.value, words, type, filter])
  return (
    <div class='log-tab'>
      <div class='log-filter'>
        <Field label={panel.eventType}>
          {(control) => (
            <select {...control} value={type} onChange={({ currentTarget }) => { setType(currentTarget.value as EventType | '') }}>
              <option value=''>{panel.allTypes}</option>
              {eventTypes.map((name) => <option key={name} value={name}>{name}</option>)}
            </select>
          )}
        </Field>
        <Field label={panel.filterEvents}>
          {(control) => <input {...control} type='search' value={filter} onInput={({ currentTarget }) => { setFilter(currentTarget.value) }} />}
        </Field>
      </div>
      <LogView label={panel.tabs.events} entries={entries} empty={panel.noEvents} />
      <p class='log-count muted'>{panel.numShown(entries.length)}</p>
    </div>
  )
}
