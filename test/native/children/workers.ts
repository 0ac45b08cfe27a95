// Starts workers whose nodes are in a storm of events, and ends each in the middle of it:
// workers.mjs DOOR LIBRARY WORKERS WAY. Prints the bridge's counters at the end.
import { once } from 'node:events'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { Driver } from '../../../src/backends/libwaku/drivers/driver.js'
import { doors } from '../helpers/doors.js'
import { makeNode, provoke, textOf, until } from '../helpers/nodes.js'

interface Task { readonly door: Driver['name'], readonly library: string, readonly way: string }

if (isMainThread) await main()
else await work(workerData as Task)

async function work ({ door, library, way }: Task): Promise<void> {
  const driver = doors[door]()
  await driver.open(library)
  const { context, events } = await makeNode(driver)
  await context.call('waku_start')
  await provoke(context, 'flow:20000:500')
  await until('events', () => events.length > 50)
  provoke(context, 'silent').catch(() => undefined)
  // So that many are ended in the middle of a call.
  const hammer = (): void => {
    for (let i = 0; i < 20; i++) provoke(context, 'sync').catch(() => undefined)
    driver.stats()
    setImmediate(hammer)
  }
  hammer()
  parentPort?.postMessage('ready')
  if (way === 'exit') setImmediate(() => process.exit(0))
}

async function main (): Promise<void> {
  const [door = 'addon', library = '', workers = '1', way = ''] = process.argv.slice(2)
  const task = { door: door as Driver['name'], library, way }
  for (let started = 0; started < Number(workers); started += 4) await Promise.all([1, 2, 3, 4].map(async () => runWorker(task)))
  const driver = doors[task.door]()
  await driver.open(library)
  await until('the end of the nodes of the workers', () => driver.stats().contexts === 0, 15_000)
  const { context } = await makeNode(driver)
  console.log(JSON.stringify({ live: textOf(await provoke(context, 'live')), ...driver.stats() }))
}

async function runWorker (task: Task): Promise<void> {
  const worker = new Worker(process.argv[1] ?? '', { workerData: task })
  const ended = once(worker, 'exit')
  await once(worker, 'message')
  if (task.way === 'terminate') await worker.terminate()
  await ended
}
