import type { WakuNode } from 'nwaku-desktop'
import { toChatError } from '../chat-failure.js'
import type { Journal } from '../journal.js'

/** Events that are noted as they are: they carry nothing but names, numbers and reasons. */
const plainEvents = ['status', 'peer:connect', 'peer:disconnect', 'topic:health', 'connection:status', 'events:dropped', 'node:unresponsive', 'backend:exit', 'backend:restart'] as const

/** Notes all that a node tells, but for messages. */
export function noteEvents (node: WakuNode, journal: Journal): void {
  for (const type of plainEvents) node.on(type, (data) => journal.note(type, { ...data }))
  node.on('archive:error', ({ error }) => {
    const { code, message } = toChatError(error)
    journal.note('archive:error', { code, message })
  })
  node.on('listener:error', ({ error }) => journal.note('listener:error', { message: toChatError(error).message }))
}
