import { describe, expect, it } from 'vitest'
import { isDayBefore, isSameDay, placementOf } from '../../src/renderer/message/placement.js'

const noon = new Date(2026, 2, 29, 12).getTime()
const minute = 60_000
const by = (nick: string, sentAt: number, isOwn = false) => ({ nick, sentAt, isOwn })

describe('the place of a message', () => {
  it('begins a day and a group when it is the first', () => {
    expect(placementOf(by('Ann', noon), undefined)).toEqual({ startsDay: true, startsGroup: true })
  })

  it('is in the group of the message before when the same person wrote it shortly after', () => {
    expect(placementOf(by('Ann', noon + minute), by('Ann', noon))).toEqual({ startsDay: false, startsGroup: false })
  })

  it('begins a group after a pause', () => {
    expect(placementOf(by('Ann', noon + 6 * minute), by('Ann', noon)).startsGroup).toBe(true)
  })

  it('begins a group when somebody else wrote it, also under the own name', () => {
    expect(placementOf(by('Bob', noon), by('Ann', noon)).startsGroup).toBe(true)
    expect(placementOf(by('Ann', noon, true), by('Ann', noon)).startsGroup).toBe(true)
  })

  it('begins a day after midnight, and a group with it', () => {
    const lastMinute = new Date(2026, 2, 29, 23, 59, 30).getTime()
    expect(placementOf(by('Ann', lastMinute + minute), by('Ann', lastMinute))).toEqual({ startsDay: true, startsGroup: true })
  })

  it('knows yesterday on the days when clocks change too', () => {
    for (const [month, day] of [[2, 29], [2, 30], [9, 25], [9, 26], [0, 1]] as const) {
      const now = new Date(2026, month, day, 0, 30).getTime()
      const before = new Date(2026, month, day - 1, 23, 30).getTime()
      expect(isDayBefore(before, now), `${month + 1}/${day}`).toBe(true)
      expect(isSameDay(before, now), `${month + 1}/${day}`).toBe(false)
    }
  })
})
