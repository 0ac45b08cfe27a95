import type { ChatMessage } from '../../shared/ipc.js'
import { t } from '../text/language.js'
import { announce } from './announcer.js'

/** Messages that come within this time are told of together, in milliseconds. */
const gatherMs = 1500

/** The part of a text that is read aloud, in characters. */
const mostRead = 200

let waiting: ChatMessage[] = []
let timer: number | undefined

/** Reads new messages of others to those who do not see them: a single one in full, more as a number. */
export function announceMessages (messages: readonly ChatMessage[]): void {
  waiting.push(...messages.filter(({ isOwn }) => !isOwn))
  if (waiting.length === 0 || timer !== undefined) return
  timer = window.setTimeout(() => {
    const [only, ...more] = waiting
    if (only !== undefined) {
      const { said, numSaid } = t.peek().conversation
      announce(more.length === 0 ? said(only.nick, only.text.slice(0, mostRead)) : numSaid(more.length + 1))
    }
    waiting = []
    timer = undefined
  }, gatherMs)
}
