// What test/bench/c/pair.c does, on this package: `native-pair LIBRARY VERB ...` with the same arguments, and as options
//   --backend js|libwaku  --door addon|koffi  --isolation in-process|process
// and beside that `soak SIZE COUNT RATE`, which prints how much memory there was in between.
import '../../../src/polyfills.js'
import { randomBytes } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { WakuMessage } from '../../../src/message.js'
import type { WakuNode } from '../../../src/node/node.js'
import { percentile } from '../harness/statistics.js'
import { Arrivals, numbered } from './arrivals.js'
import { contentTopic, pubsubTopic, startEventSource, startNode, type Making } from './native-nodes.js'

/** What is sent before anything is measured: as much as makes the runtime compile what it runs. The C program sends the same. */
const warmUp = { maxBytes: 1024, count: 8000, open: 200 }

/** How much is published without waiting for any to arrive: more than what the pace of publishing lets through. */
const manyOpen = { messages: 768, bytes: 4 * 1024 * 1024 }
const arrivals = new Arrivals()

/** How much to send, and either how many messages may be on their way or how many there are in a second. */
interface Load { readonly sizeBytes: number, readonly count: number, readonly open?: number, readonly rate?: number }

async function publishAll ({ sizeBytes, count, open = Infinity, rate }: Load, publish: (payload: Uint8Array) => Promise<unknown>): Promise<void> {
  // The same bytes again: they are the caller's once publish has returned.
  const payload = randomBytes(sizeBytes)
  const startedAt = performance.now()
  const failures: unknown[] = []
  for (let number = 0; number < count; number++) {
    const early = rate === undefined ? 0 : startedAt + number * 1000 / rate - performance.now()
    if (early > 0) await delay(early)
    else if (number - arrivals.count >= open) await arrivals.until(number - open + 1)
    publish(numbered(payload, number)).catch((error: unknown) => failures.push(error))
  }
  await arrivals.until(count)
  if (failures.length > 0) throw new Error(`${failures.length} messages were not published`, { cause: failures[0] })
}

async function measureMessages (load: Load, publish: (payload: Uint8Array) => Promise<unknown>): Promise<object> {
  const { sizeBytes, rate } = load
  arrivals.expect()
  await publishAll({ sizeBytes: Math.min(sizeBytes, warmUp.maxBytes), count: warmUp.count, open: warmUp.open }, publish)
  arrivals.expect({ timed: rate !== undefined })
  const before = process.cpuUsage()
  await publishAll(load, publish)
  const { user, system } = process.cpuUsage(before)
  return {
    received: arrivals.count,
    seconds: arrivals.seconds,
    processorSeconds: (user + system) / 1e6,
    ...(rate !== undefined && { p50: percentile(arrivals.latenciesMs, 50), p99: percentile(arrivals.latenciesMs, 99) })
  }
}

async function listen (node: WakuNode): Promise<string> {
  await node.subscribe({ pubsubTopic }, ({ message }) => arrivals.add(message.payload))
  return (await node.getListenAddresses())[0] ?? ''
}

async function untilInMesh (node: WakuNode): Promise<void> {
  for (let tries = 0; (await node.getPeersInMesh(pubsubTopic)).length === 0; tries++) {
    if (tries === 1000) throw new Error('no mesh has formed')
    await delay(20)
  }
}

async function startPair (making: Making): Promise<(payload: Uint8Array) => Promise<unknown>> {
  const [publisher, subscriber] = [await startNode(making), await startNode(making)]
  await publisher.dial(await listen(subscriber))
  await Promise.all([publisher, subscriber].map(untilInMesh))
  return (payload) => publisher.publish({ payload, contentTopic }, { pubsubTopic })
}

async function measureCalls (making: Making, count: number): Promise<object> {
  const node = await startNode(making)
  let micros: number[] = []
  for (let round = 0; round < 2; round++) {
    micros = []
    for (let i = 0; i < count; i++) {
      const startedAt = performance.now()
      await node.getVersion()
      micros.push((performance.now() - startedAt) * 1000)
    }
  }
  return { p50: percentile(micros, 50), p99: percentile(micros, 99) }
}

/** How often the memory is looked at, in milliseconds. */
const sampleEveryMs = 5000

async function soak (making: Making, load: Load): Promise<object> {
  const publish = await startPair(making)
  arrivals.expect()
  const residentBytes: number[] = []
  const timer = setInterval(() => residentBytes.push(process.memoryUsage.rss()), sampleEveryMs)
  await publishAll(load, publish)
  clearInterval(timer)
  return { received: arrivals.count, residentBytes }
}

let lastTimestamp = 0n

async function measureEvents (making: Making, load: Load): Promise<object> {
  const publish = await startEventSource(making, ({ payload }) => arrivals.add(payload))
  const none = new Uint8Array()
  return await measureMessages(load, async (payload) => {
    const now = BigInt(Date.now()) * 1_000_000n
    lastTimestamp = now > lastTimestamp ? now : lastTimestamp + 1n
    const message: WakuMessage = { payload, contentTopic, version: 0, timestamp: lastTimestamp, ephemeral: false, meta: none, proof: none }
    await publish(message)
  })
}

async function receive (making: Making, count: number): Promise<object> {
  const node = await startNode(making)
  arrivals.expect()
  console.log(JSON.stringify({ address: await listen(node) }))
  await arrivals.until(count / 10)
  const pauses = monitorEventLoopDelay({ resolution: 1 })
  pauses.enable()
  await arrivals.until(count)
  return { received: arrivals.count, longestMs: pauses.max / 1e6 }
}

async function main (): Promise<object> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { backend: { type: 'string', default: 'libwaku' }, door: { type: 'string', default: 'addon' }, isolation: { type: 'string', default: 'in-process' } }
  })
  const [libraryPath = '', verb, ...numbers] = positionals
  const making = { ...values, libraryPath } as Making
  const [first = 0, count = 0, last = 0] = numbers.map(Number)
  const load = { sizeBytes: first, count }
  switch (verb) {
    case 'calls': return await measureCalls(making, first)
    case 'relay': return await measureMessages({ ...load, open: Math.min(manyOpen.messages, Math.ceil(manyOpen.bytes / load.sizeBytes)) }, await startPair(making))
    case 'events': return await measureEvents(making, { ...load, open: last })
    case 'latency': return await measureMessages({ ...load, rate: last }, await startPair(making))
    case 'soak': return await soak(making, { ...load, rate: last })
    case 'receive': return await receive(making, count)
    default: throw new Error(`unknown: ${String(verb)}`)
  }
}

process.stdout.write(`${JSON.stringify(await main())}\n`, () => process.exit())
