import { describe, expect, test } from 'vitest'
import { findMessage, readEvent, readMessage } from '../../src/backends/libwaku/read-event.js'

const hash = `0x${'ab'.repeat(32)}` as const
const topic = '/waku/2/rs/16/32'
const payload = Buffer.from('hello world')
const rest = '"contentTopic":"/app/1/ü/proto","version":0,"timestamp":1795439764173496167,"ephemeral":false,"meta":"bWV0YQ==","proof":""},"eventType":"message"}'
const start = `{"pubsubTopic":"${topic}","messageHash":"${hash}","wakuMessage":{"payload":"`
const received = {
  messageHash: hash,
  pubsubTopic: topic,
  message: {
    payload: new Uint8Array(payload),
    contentTopic: '/app/1/ü/proto',
    version: 0,
    timestamp: 1795439764173496167n,
    ephemeral: false,
    meta: new Uint8Array(Buffer.from('meta')),
    proof: new Uint8Array()
  }
}

function read (text: string | Buffer, code = 0): ReturnType<typeof readMessage> {
  const found = findMessage({ code, bytes: Buffer.from(text), payload })
  return found === undefined ? undefined : readMessage(found)
}

describe('a message event', () => {
  test('in the usual form is read with the payload that came with it', () => {
    expect(read(`${start}",${rest}`)).toEqual(received)
  })

  test('keeps nothing of the memory that it came in', () => {
    const bytes = Buffer.from(payload)
    const found = findMessage({ code: 0, bytes: Buffer.from(`${start}",${rest}`), payload: bytes })
    const message = found === undefined ? undefined : readMessage(found)?.message
    bytes.fill(0)
    expect(message?.payload).toEqual(new Uint8Array(payload))
    expect(message?.payload.buffer.byteLength).toBe(payload.length)
  })

  test.each([
    ['with spaces', `{ "pubsubTopic":"${topic}","messageHash":"${hash}","wakuMessage":{"payload":"",${rest}`],
    ['with other fields first', `{"messageHash":"${hash}","pubsubTopic":"${topic}","wakuMessage":{"payload":"",${rest}`],
    ['with the payload not first', `{"pubsubTopic":"${topic}","messageHash":"${hash}","wakuMessage":{"version":0,"payload":"",${rest.replace('"version":0,', '')}`]
  ])('%s is not found, and read the longer way', (_, text) => {
    expect(read(text)).toBeUndefined()
    expect(readEvent({ code: 0, bytes: Buffer.from(text), payload })).toEqual({ kind: 'message', received })
  })

  test('whose payload stayed in the text is not found, and read the longer way', () => {
    const bytes = Buffer.from(`${start}${payload.toString('base64')}",${rest}`)
    expect(findMessage({ code: 0, bytes })).toBeUndefined()
    expect(readEvent({ code: 0, bytes })).toEqual({ kind: 'message', received })
  })

  test('with a hash that is none is not found', () => {
    expect(read(`${start.replace('0xab', '0xZZ')}",${rest}`)).toBeUndefined()
  })

  test('that is an error is not found', () => {
    expect(read(`${start}",${rest}`, 1)).toBeUndefined()
  })

  test('that is not UTF-8, or not JSON, is found and not read', () => {
    expect(read(Buffer.concat([Buffer.from(`${start}",`), Buffer.from([0xff]), Buffer.from(rest)]))).toBeUndefined()
    for (const text of [`${start}",`, `${start}","contentTopic":`, `${start}"}}`]) expect(read(text)).toBeUndefined()
  })

  test('that ends anywhere is not read', () => {
    const text = `${start}",${rest}`
    for (let length = 0; length < text.length; length++) expect(read(text.slice(0, length)), `${length} characters`).toBeUndefined()
  })
})
