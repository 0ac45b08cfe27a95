import { describe, expect, test } from 'vitest'
import { PublishWindow } from '../../src/backends/libwaku/publish-window.js'
import { Deadline } from '../../src/deadline.js'

function fill (window: PublishWindow, sizeBytes: number): { readonly passed: number, readonly waiting: Promise<void> } {
  for (let passed = 0; ; passed++) {
    const waiting = window.pass(sizeBytes, new Deadline(), () => {})
    if (waiting !== undefined) return { passed, waiting }
  }
}

describe('what is handed over without an answer', () => {
  test.each([[0, 256], [1024, 256], [10_240, 25], [102_400, 2], [1_000_000, 1]])('is, of messages of %d bytes, %d', (sizeBytes, count) => {
    const window = new PublishWindow()
    expect(fill(window, sizeBytes).passed).toBe(count)
    expect(window.size).toBe(count)
  })

  test('is followed by the next with each answer', async () => {
    const window = new PublishWindow()
    const { waiting } = fill(window, 100_000)
    window.answered(100_000)
    await waiting
    expect(window.size).toBe(2)
    window.answered(100_000)
    window.answered(100_000)
    expect(window.size).toBe(0)
  })

  test('tells when it moved', () => {
    const window = new PublishWindow()
    const before = performance.now()
    fill(window, 0)
    expect(window.movedAt).toBeGreaterThanOrEqual(before)
    const last = performance.now()
    window.answered(0)
    expect(window.movedAt).toBeGreaterThanOrEqual(last)
  })

  test('has nothing of what was given up while it waited', async () => {
    const window = new PublishWindow()
    for (let number = 0; number < 256; number++) void window.pass(0, new Deadline(), () => {})
    const deadline = new Deadline()
    let isHandedOver = false
    const waiting = window.pass(0, deadline, () => { isHandedOver = true })
    deadline.pass(new Error('late'))
    await expect(waiting).rejects.toThrow('late')
    window.answered(0)
    expect(isHandedOver).toBe(false)
    expect(window.size).toBe(255)
  })
})
