import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { errorFromPlain, plainError } from '../../src/backends/process/protocol.js'
import { resolveOptions } from '../../src/config.js'
import { Deadline } from '../../src/deadline.js'
import { WakuError } from '../../src/errors.js'
import { makeMessage } from '../helpers/make-message.js'
import { until, untilEqual } from '../helpers/until.js'
import { noSignal, startScripted } from './helpers/scripted.js'

describe('what crosses between the processes', () => {
  test('is every message with every field as it was', async () => {
    const { backend, told } = await startScripted()
    await fc.assert(fc.asyncProperty(anyMessage, async (fields) => {
      const sent = makeMessage(fields)
      await backend.publish(sent.message, sent.pubsubTopic, sent.messageHash, new Deadline())
      await until(() => { expect(told.message).not.toEqual([]) })
      expect(told.message.splice(0)).toEqual([sent])
    }), { numRuns: 50 })
  })

  test('is every message once and in order, however many come at once', async () => {
    const { backend, told } = await startScripted()
    await backend.ping('emit 5000 1000', noSignal)
    await until(() => { expect(told.message).toHaveLength(5000) })
    expect(told.message.map(({ message }) => Number(message.timestamp))).toEqual(Array.from({ length: 5000 }, (_, number) => number))
    expect(told.dropped).toEqual([])
  })

  test('is no more than the application can take; the rest is dropped and counted', async () => {
    const { backend, told } = await startScripted()
    await backend.ping('emit 30000 10', noSignal)
    await until(() => { expect(told.dropped).not.toEqual([]) })
    expect(told.message.length + (told.dropped[0] ?? 0)).toBe(30_000)
    expect(told.message.length).toBeGreaterThanOrEqual(20_000)
  })

  test.each([10, 1000, 100_000])('is a message of %d bytes with no more memory than it needs', async (numBytes) => {
    const { backend, told } = await startScripted()
    await backend.ping(`emit 100 ${numBytes}`, noSignal)
    await until(() => { expect(told.message).toHaveLength(100) })
    for (const { message } of told.message) expect(message.payload.buffer.byteLength).toBeLessThanOrEqual(2 * numBytes)
  })

  test('is every error with its code, message and details', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (message, operation, cause) => {
      const error = new WakuError('WAKU_ABORTED', message, { operation }, { cause: new Error(cause) })
      const crossed = errorFromPlain(structuredClone(plainError(error)))
      expect(crossed).toEqual(error)
      expect(crossed.cause).toMatchObject({ message: cause })
    }))
  })

  test('is the node key, though not on the command line or in the environment', async () => {
    const nodeKey = '01'.repeat(32)
    const { backend } = await startScripted({ nodeKey })
    const seen = JSON.parse(await backend.getVersion()) as { argv: string[], execArgv: string[], env: Record<string, string>, nodeKey: string }
    expect(seen.nodeKey).toBe(nodeKey)
    expect(JSON.stringify([seen.argv, seen.execArgv, seen.env])).not.toContain(nodeKey)
  })

  test('is the environment, but for what would change how the process starts', async () => {
    process.env['NODE_OPTIONS'] = '--no-warnings'
    process.env['NWAKU_TEST_VARIABLE'] = 'kept'
    onTestFinished(() => {
      delete process.env['NODE_OPTIONS']
      delete process.env['NWAKU_TEST_VARIABLE']
    })
    const { backend } = await startScripted()
    const { env, execArgv } = JSON.parse(await backend.getVersion()) as { env: Record<string, string>, execArgv: string[] }
    expect(env['NWAKU_TEST_VARIABLE']).toBe('kept')
    expect(env['NODE_OPTIONS']).toBeUndefined()
    expect(execArgv).toEqual([])
  })

  test('is every line that the process prints, for the logger', async () => {
    const { backend, logged } = await startScripted()
    const pid = await backend.ping('print quietly loudly', noSignal)
    await until(() => {
      expect(logged).toContainEqual(['debug', 'the backend printed', { pid, stream: 'stdout', line: 'quietly' }])
      expect(logged).toContainEqual(['warn', 'the backend printed', { pid, stream: 'stderr', line: 'loudly' }])
    })
  })

  test('is every line that the backend logs, its fields as text where they are not plain', async () => {
    const { backend, logged } = await startScripted()
    await backend.ping('log something', noSignal)
    await until(() => {
      const [, , fields] = logged.find(([, message]) => message === 'something') ?? []
      expect(fields?.['big']).toBe(1n)
      expect(fields?.['strange']).toBeTypeOf('string')
      expect(fields?.['error']).toMatch(/inner/)
    })
  })

  test('is why a process ended by an exception, for the logger', async () => {
    const { backend, logged, told } = await startScripted()
    await backend.ping('throw', noSignal).catch(() => {})
    await untilEqual(() => told.exited.length, 1)
    await until(() => { expect(logged.map(([, , fields]) => fields?.['line'])).toContainEqual(expect.stringContaining('thrown by the script')) })
  })

  test('are the defaults of all bounds', () => {
    expect(resolveOptions({}).process).toEqual({ hangTimeoutMs: 5000, maxOutboxMessages: 20_000, maxOutboxBytes: 256 * 1024 * 1024 })
  })
})

const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes))
const anyMessage = fc.record({
  payload: anyBytes,
  contentTopic: fc.string({ minLength: 1 }),
  version: fc.nat(),
  timestamp: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
  ephemeral: fc.boolean(),
  meta: anyBytes,
  proof: anyBytes
})
