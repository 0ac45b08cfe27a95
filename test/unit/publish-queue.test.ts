import { describe, expect, test } from 'vitest'
import { Deadline } from '../../src/deadline.js'
import { PublishQueue, type Queued } from '../../src/publish-queue.js'

class Message implements Queued {
  readonly name: string
  readonly sizeBytes: number
  readonly deadline = new Deadline()
  rejectedWith: unknown

  constructor (name: string, sizeBytes = 1) {
    this.name = name
    this.sizeBytes = sizeBytes
  }

  readonly reject = (reason: unknown): void => { this.rejectedWith = reason }
}

function makeQueue (limits: { maxOpen?: number, maxOpenBytes?: number, maxWaiting?: number, maxWaitingBytes?: number } = {}): { queue: PublishQueue<Message>, begun: Message[] } {
  const begun: Message[] = []
  const queue = new PublishQueue<Message>({ maxOpen: 1, maxOpenBytes: 100, maxWaiting: 10, maxWaitingBytes: 1000, ...limits }, (message) => begun.push(message))
  return { queue, begun }
}

const names = (messages: readonly Message[]): string => messages.map(({ name }) => name).join('')

function add (queue: PublishQueue<Message>, all: string, sizeBytes = 1): Message[] {
  return all.split('').map((name) => {
    const message = new Message(name, sizeBytes)
    queue.add(message)
    return message
  })
}

describe('a queue of publishers', () => {
  test.each([[0, 4], [25, 4], [26, 3], [100, 1], [101, 1]])('has, of messages of %d bytes, %d under way', (sizeBytes, count) => {
    const { queue, begun } = makeQueue({ maxOpen: 4 })
    add(queue, 'abcdef', sizeBytes)
    expect(begun).toHaveLength(count)
  })

  test('lets them through in the order they came, whatever their size', () => {
    const { queue, begun } = makeQueue({ maxOpen: 3 })
    const [a, b] = add(queue, 'ab', 50) as [Message, Message]
    add(queue, 'c', 60)
    add(queue, 'd', 1)
    expect(names(begun)).toBe('ab')
    queue.ended(a)
    expect(names(begun)).toBe('ab')
    queue.ended(b)
    expect(names(begun)).toBe('abcd')
    expect(queue.isBusy).toBe(true)
    begun.slice(2).forEach((message) => queue.ended(message))
    expect(queue.isBusy).toBe(false)
  })

  test('refuses what is too much, and has room again when something has gone', () => {
    const { queue, begun } = makeQueue({ maxWaiting: 3, maxWaitingBytes: 100 })
    add(queue, 'abcd')
    expect(() => add(queue, 'e')).toThrow(expect.objectContaining({ code: 'WAKU_QUEUE_FULL', details: { queue: 'publish', limit: 3 } }))
    queue.ended(begun[0] as Message)
    expect(() => add(queue, 'f', 99)).toThrow(expect.objectContaining({ code: 'WAKU_QUEUE_FULL' }))
    add(queue, 'g', 98)
    for (let index = 1; index < 5; index++) queue.ended(begun[index] as Message)
    expect(names(begun)).toBe('abcdg')
  })

  test('gives the place of one up whose deadline passes, and leaves one alone that had its turn', () => {
    const { queue, begun } = makeQueue({ maxWaiting: 3 })
    const [a, b, c] = add(queue, 'abcd') as [Message, Message, Message]
    for (const message of [c, a]) message.deadline.pass(new Error('late'))
    expect([a, b, c].map(({ rejectedWith }) => rejectedWith)).toEqual([undefined, undefined, new Error('late')])
    add(queue, 'e')
    for (let index = 0; index < 4; index++) queue.ended(begun[index] as Message)
    expect(names(begun)).toBe('abde')
  })

  test('tells when it moved, from which their default time counts', () => {
    const { queue, begun } = makeQueue()
    expect(queue.movedAt).toBe(-Infinity)
    const before = performance.now()
    const [, b] = add(queue, 'ab') as [Message, Message]
    expect(queue.movedAt).toBeGreaterThanOrEqual(before)
    const last = performance.now()
    queue.ended(begun[0] as Message)
    expect(queue.movedAt).toBeGreaterThanOrEqual(last)
    expect(b.deadline.movedAt).toBe(queue.movedAt)
  })
})
