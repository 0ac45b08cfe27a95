import { existsSync } from 'node:fs'
import { createNode, type NodeOptions, type WakuNode } from 'nwaku-desktop'
import { hostPidsOf } from '../process/helpers/processes.js'
import { row, type BenchContext, type Row } from './harness/figure.js'
import { median } from './harness/statistics.js'

/** From the kill of the backend's process until the node is subscribed again and messages arrive, beside what its first start takes. */
export const figures = ['isolated.restart']

const pubsubTopic = '/waku/2/rs/16/32'
const publishIntervalMs = 5
const killsPerRun = 3

/** Gives a row for each backend: 200 messages/s come from a peer that the node has dialled. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  for (const backend of backends(context)) {
    const [restarts, starts]: [number[], number[]] = [[], []]
    for (let run = 1; run <= context.runs; run++) {
      context.progress(`isolated.restart ${backend.backend ?? ''}: ${killsPerRun} kills, run ${run} of ${context.runs}`)
      const { restartsMs, startMs } = await killUnderLoad(backend)
      restarts.push(...restartsMs)
      starts.push(startMs)
    }
    yield row('isolated.restart', `${backend.backend === 'js' ? 'JS' : 'libwaku'}, until messages arrive`, 'ms', median(restarts), median(starts))
  }
}

function backends ({ progress }: BenchContext): NodeOptions[] {
  const libraryPath = process.env['LIBWAKU_PATH']
  if (libraryPath !== undefined && existsSync(libraryPath)) return [{ backend: 'libwaku', libraryPath }, { backend: 'js' }]
  if (process.env['REQUIRE_LIBWAKU'] === '1') throw new Error('REQUIRE_LIBWAKU=1, but LIBWAKU_PATH names no library')
  progress('isolated.restart: SKIPPED for libwaku, because LIBWAKU_PATH names no library')
  return [{ backend: 'js' }]
}

async function killUnderLoad (backend: NodeOptions): Promise<{ restartsMs: number[], startMs: number }> {
  const options = { host: '127.0.0.1', clusterId: 16, shards: [32] }
  await using peer = await createNode({ ...options, backend: 'js', isolation: 'in-process' })
  await peer.start()
  const startedAt = performance.now()
  await using node = await createNode({ ...options, ...backend, isolation: 'process' })
  await node.start()
  const startMs = performance.now() - startedAt
  await node.dial((await peer.getListenAddresses())[0] ?? '')
  const stopPublishing = publishAllTheTime(peer)
  try {
    await nextMessage(node)
    const restartsMs: number[] = []
    for (let kill = 0; kill < killsPerRun; kill++) restartsMs.push(await killOnce(node))
    return { restartsMs, startMs }
  } finally {
    stopPublishing()
  }
}

async function killOnce (node: WakuNode): Promise<number> {
  const restarted = new Promise((resolve) => { node.once('backend:restart', resolve) })
  const killedAt = performance.now()
  for (const pid of hostPidsOf(process.pid)) process.kill(pid, 'SIGKILL')
  await restarted
  await nextMessage(node)
  return performance.now() - killedAt
}

async function nextMessage (node: WakuNode): Promise<void> {
  await new Promise((resolve) => { node.once('message', resolve) })
}

function publishAllTheTime (peer: WakuNode): () => void {
  const timer = setInterval(() => {
    // While nobody is there to take it, a message is refused.
    peer.publish({ contentTopic: '/nwaku-desktop/1/bench/proto', payload: new Uint8Array(1024) }, { pubsubTopic }).catch(() => {})
  }, publishIntervalMs)
  return () => clearInterval(timer)
}
