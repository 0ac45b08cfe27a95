import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatMessage, MessageWindow, Result, RoomChange } from '../../src/shared/ipc.js'
import { Timeline } from '../../src/renderer/state/timeline.js'
import { messageWith } from './made-messages.js'

const messages = Array.from({ length: 1000 }, (_, i) => messageWith(i))

const windowOf = (from: number, limit: number): Result<MessageWindow> => ({
  ok: true, value: { roomId: 'lobby', from, messages: messages.slice(from, from + limit), count: messages.length, revision: 1 }
})

const appended = (message: ChatMessage, count: number): RoomChange => ({
  roomId: 'lobby', revision: 2, count, unread: 0, firstUnreadIndex: null, appended: [message], numAppended: 1, numPrepended: 0, isReordered: false, updated: [], lastMessage: message
})

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

describe('a timeline', () => {
  it('fetches what is on screen and around it, in one window', async () => {
    const asked: Array<readonly [number, number]> = []
    const timeline = new Timeline(1000, async (from, limit) => { asked.push([from, limit]); return windowOf(from, limit) })
    await vi.advanceTimersByTimeAsync(1)
    timeline.want(400, 420)
    await vi.advanceTimersByTimeAsync(1)
    expect(timeline.row(410)).toMatchObject({ kind: 'message', message: { id: 410 } })
    expect(asked).toHaveLength(2)
  })

  it('asks for the last place somebody scrolled to while an answer is under way', async () => {
    const asked: number[] = []
    const timeline = new Timeline(1000, async (from, limit) => {
      asked.push(from)
      await new Promise((resolve) => setTimeout(resolve, 100))
      return windowOf(from, limit)
    })
    for (const from of [800, 600, 400, 200]) timeline.want(from, from + 20)
    await vi.advanceTimersByTimeAsync(500)
    expect(timeline.row(210).kind).toBe('message')
    expect(timeline.row(610).kind).toBe('missing')
    expect(asked).toHaveLength(2)
  })

  it('asks again a while after a failure, not at once and not for ever', async () => {
    let numAsked = 0
    const timeline = new Timeline(1000, async () => {
      numAsked++
      return { ok: false, error: { code: 'CHAT_ENGINE_LOST', message: '', details: {} } }
    })
    await vi.advanceTimersByTimeAsync(3500)
    expect(timeline.row(999).kind).toBe('missing')
    expect(numAsked).toBeGreaterThan(1)
    expect(numAsked).toBeLessThan(6)
  })
})

describe('a message on its way', () => {
  it('is shown at once, after everything else', () => {
    const timeline = new Timeline(1000, async (from, limit) => windowOf(from, limit))
    timeline.addPending({ clientId: 'a', text: 'hello', sentAt: 0, error: null })
    expect(timeline.numRows).toBe(1001)
    expect(timeline.row(1000)).toMatchObject({ kind: 'pending', pending: { text: 'hello' } })
  })

  it('is shown once when the engine tells of it', () => {
    const timeline = new Timeline(1000, async (from, limit) => windowOf(from, limit))
    timeline.addPending({ clientId: 'a', text: 'hello', sentAt: 0, error: null })
    timeline.apply(appended(messageWith(5000, { clientId: 'a', isOwn: true, state: 'sending' }), 1001))
    expect(timeline.numRows).toBe(1001)
    expect(timeline.row(1000)).toMatchObject({ kind: 'message', message: { id: 5000 } })
  })

  it('stays at the end while others are faster', () => {
    const timeline = new Timeline(1000, async (from, limit) => windowOf(from, limit))
    timeline.addPending({ clientId: 'a', text: 'hello', sentAt: 0, error: null })
    timeline.apply(appended(messageWith(6000), 1001))
    expect(timeline.row(1000)).toMatchObject({ kind: 'message', message: { id: 6000 } })
    expect(timeline.row(1001)).toMatchObject({ kind: 'pending' })
  })

  it('says why it was not taken, and forgets that when it is tried again', () => {
    const timeline = new Timeline(0, async (from, limit) => windowOf(from, limit))
    const pending = { clientId: 'a', text: 'hello', sentAt: 0, error: null }
    timeline.addPending(pending)
    timeline.failPending('a', { code: 'CHAT_TEXT_TOO_LONG', message: '', details: {} })
    expect(timeline.pending[0]?.error?.code).toBe('CHAT_TEXT_TOO_LONG')
    timeline.addPending(pending)
    expect(timeline.pending).toEqual([pending])
  })
})
