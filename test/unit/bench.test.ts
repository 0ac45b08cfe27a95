import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { row } from '../bench/harness/figure.js'
import { PeerProcess } from '../bench/harness/peer-process.js'
import { assertComplete } from '../bench/harness/relay-pair.js'
import { median, percentile } from '../bench/harness/statistics.js'

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

interface Outcome { readonly code: number, readonly stdout: string, readonly stderr: string }

async function bench (...args: readonly string[]): Promise<Outcome> {
  const env = { ...process.env, LIBWAKU_PATH: undefined, REQUIRE_LIBWAKU: undefined }
  return await new Promise((resolve) => {
    execFile(process.execPath, [pathOf('../../scripts/bench.mjs'), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}

describe('the bench command', () => {
  it('lists the figures of the issue', async () => {
    const { stdout } = await bench('--list')
    const figures = ['relay.throughput', 'relay.latency.p50', 'relay.latency.p99', 'relay.lossless', 'node.start', 'node.rss', 'store.query.p95',
      'native.call.p50', 'native.throughput', 'native.events', 'native.latency.p99', 'native.pause']
    expect(stdout.split('\n')).toEqual(expect.arrayContaining(figures))
  })

  it('answers an unknown figure with an error that lists the known ones', async () => {
    const { code, stderr } = await bench('--only', 'relay.thruput')
    expect(code).toBe(2)
    expect(stderr).toContain('relay.throughput')
  })

  it('says that it skips the native figures where there is no library', async () => {
    expect(await bench('--only', 'native.call')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('SKIPPED, because LIBWAKU_PATH names no library') as string })
  })

  it('refuses to take the median of fewer than three runs', async () => {
    const { code, stderr } = await bench('--runs', '2')
    expect(code).toBe(2)
    expect(stderr).toContain('at least 3')
  })
})

describe('what is measured', () => {
  it('has the mean of the two in the middle as median of an even number of values', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  it('has the 99th of a hundred values as 99th percentile', () => {
    expect(percentile(Array.from({ length: 100 }, (_, i) => 100 - i), 99)).toBe(99)
  })

  it('is compared by a ratio only where there is something to compare with', () => {
    expect(row('relay.throughput', '1 KiB', 'msg/s', 3, 2).ratio).toBe(1.5)
    expect(row('relay.lossless', 'lost', 'msg', 0, 0).ratio).toBeNull()
    expect(row('archive.insert', '1 KiB', 'msg/s', 3)).toMatchObject({ baseline: null, ratio: null })
  })
})

describe('a peer process', () => {
  let peer: PeerProcess
  beforeEach(async () => { ({ peer } = await PeerProcess.start(pathOf('../fixtures/lossy-peer.mjs'))) })
  afterEach(async () => { await peer.close() })

  it('counts the messages that were lost and those that came twice', async () => {
    await peer.request('subscribe', {})
    await peer.request('expect', { count: 10 })
    await peer.request('publish', { count: 10, sizeBytes: 100 })
    const received = await peer.request('receive', { stalledMs: 50 })
    expect(received).toMatchObject({ distinct: 9, doubled: 1 })
    expect(() => { assertComplete(received, 10) }).toThrow('of 10 messages 1 were lost and 1 came twice')
  })

  it('passes the error of a node on', async () => {
    await expect(peer.request('dial', { address: '/ip4/127.0.0.1/tcp/1' })).rejects.toThrow('nobody there')
  })

  it('fails what is asked of it after its end', async () => {
    await peer.close()
    await expect(peer.request('getMeshSize', {})).rejects.toThrow('ended with')
  })
})
