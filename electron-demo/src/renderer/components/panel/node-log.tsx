import { useMemo, useState } from 'preact/hooks'
import type { LogLine } from '../../../shared/ipc.js'
import { logLines } from '../../state/app-state.js'
import { formats, t } from '../../text/language.js'
import { Field } from '../base/field.js'
import { LogView } from './log-view.js'

const levels = ['error', 'warn', 'info', 'debug'] as const

/** The tail of the log, by level and by word. */
export function NodeLog () {
  const [least, setLeast] = useState<LogLine['level']>('info')
  const [filter, setFilter] = useState('')
  const { panel } = t.value
  const entries = useMemo(() => logLines.value
    .map((line) => ({ ...line, text: textOf(line) }))
    .filter(({ level, text }) => levels.indexOf(level) <= levels.indexOf(least) && text.toLowerCase().includes(filter.trim().toLowerCase()))
    .map(({ id, at, level, source, text }) => ({
      id,
      tone: level,
      content: <><time>{formats.value.exactTime(at)}</time> <span class='log-type'>{level} {source}</span> <span class='log-text'>{text}</span></>
    })), [logLines.value, least, filter, formats.value])
  return (
    <div class='log-tab'>
      <div class='log-filter'>
        <Field label={panel.level}>
          {(control) => (
            <select {...control} value={least} onChange={({ currentTarget }) => { setLeast(currentTarget.value as LogLine['level']) }}>
              {levels.map((level) => <option key={level} value={level}>{panel.levels[level]}</option>)}
            </select>
          )}
        </Field>
        <Field label={panel.filterLog}>
          {(control) => <input {...control} type='search' value={filter} onInput={({ currentTarget }) => { setFilter(currentTarget.value) }} />}
        </Field>
      </div>
      <LogView label={panel.tabs.log} entries={entries} empty={panel.noLines} />
      <p class='log-count muted'>{panel.numShown(entries.length)}</p>
    </div>
  )
}

function textOf ({ message, fields }: LogLine): string {
  return [message, ...Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`)].join(' ')
}
