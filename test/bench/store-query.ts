import { join } from 'node:path'
import { row, type BenchContext, type Row } from './harness/figure.js'
import { PeerProcess } from './harness/peer-process.js'
import { assertComplete, untilInMesh } from './harness/relay-pair.js'
import { median, percentile } from './harness/statistics.js'

/** Time of a page of 20 messages over the wire, against the same with 10 000 messages in the store. */
export const figures = ['store.query.p95']

const sizes = [10_000, 100_000]
const numTopics = 10
const pageSize = 20
const queriesPerRun = 300
// Below what a store takes in, and so quick that all are within the 20 s by which a timestamp may be off.
const fillRate = 4000

interface Store {
  readonly size: number
  readonly peer: PeerProcess
  readonly address: string
  readonly filledFromNs: bigint
  readonly filledToNs: bigint
}

/** Gives a row for each size of store. Pages are of one content topic of ten, from random moments on. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const peers: PeerProcess[] = []
  try {
    const stores: Store[] = []
    for (const size of sizes) stores.push(await fillStore(context, size, peers))
    const { peer: client } = await start(context.programs.ours, peers)
    const p95 = new Map<Store, number[]>(stores.map((store) => [store, []]))
    // The first round is not counted: it opens connections and runs code that is not compiled yet.
    for (let run = 0; run <= context.runs; run++) {
      for (const [store, values] of p95) {
        context.progress(`store.query: ${store.size} messages, ${run === 0 ? 'warming up' : `run ${run} of ${context.runs}`}`)
        const value = percentile(await queryPages(client, store), 95)
        if (run > 0) values.push(value)
      }
    }
    let baseline: number | undefined
    for (const [{ size }, values] of p95) {
      const value = median(values)
      baseline ??= value
      yield row('store.query.p95', `page of ${pageSize}, ${size.toLocaleString('en').replaceAll(',', ' ')} stored`, 'ms', value, baseline)
    }
  } finally {
    await Promise.all(peers.map(async (peer) => { await peer.close() }))
  }
}

async function start (program: string, peers: PeerProcess[], options = {}): Promise<{ peer: PeerProcess, address: string }> {
  const started = await PeerProcess.start(program, options)
  peers.push(started.peer)
  return started
}

async function fillStore (context: BenchContext, size: number, peers: PeerProcess[]): Promise<Store> {
  context.progress(`store.query: filling a store with ${size} messages`)
  const { peer, address } = await start(context.programs.ours, peers, { storeUrl: `sqlite://${join(context.folder, `${size}.sqlite3`)}` })
  const { peer: publisher } = await PeerProcess.start(context.programs.ours)
  try {
    await peer.request('subscribe', {})
    await publisher.request('dial', { address })
    await untilInMesh(publisher, peer)
    await peer.request('expect', { count: size })
    const filledFromNs = nowNs()
    await publisher.request('publish', { count: size, sizeBytes: 1024, numTopics, rate: fillRate })
    const filledToNs = nowNs()
    assertComplete(await peer.request('receive', {}), size)
    return { size, peer, address, filledFromNs, filledToNs }
  } finally {
    await publisher.close()
  }
}

async function queryPages (client: PeerProcess, { address, filledFromNs, filledToNs }: Store): Promise<number[]> {
  const times: number[] = []
  const spanNs = Number(filledToNs - filledFromNs)
  for (let query = 0; query < queriesPerRun; query++) {
    // Not from the last tenth, where a page may have less than 20.
    const timeStart = filledFromNs + BigInt(Math.floor(Math.random() * 0.9 * spanNs))
    const { ms, numbers } = await client.request('queryPage', { address, topic: query % numTopics, timeStart: String(timeStart) })
    const isWhole = numbers.length === pageSize && numbers.every((number, i) => i === 0 || number === (numbers[i - 1] ?? 0) + numTopics)
    if (!isWhole) throw new Error(`a page has gaps: ${numbers.join(' ')}`)
    times.push(ms)
  }
  return times
}

function nowNs (): bigint {
  return BigInt(Date.now()) * 1_000_000n
}
