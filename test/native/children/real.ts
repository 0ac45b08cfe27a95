// What the real library does: real.mjs DOOR LIBRARY WHAT COUNT
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import type { Driver, DriverContext, DriverEvent, OpenLibrary } from '../../../src/backends/libwaku/drivers/driver.js'
import { freePort } from '../../helpers/free-port.js'
import { doors } from '../helpers/doors.js'
import { textOf, until } from '../helpers/nodes.js'

const [door = 'addon', path = '', what = '', count = '1'] = process.argv.slice(2)
const topic = '/waku/2/rs/16/32'
const driver = doors[door as Driver['name']]()
const library = await driver.open(path)

interface RealNode { readonly context: DriverContext, readonly address: string, readonly messages: string[] }

function configFor (generation: OpenLibrary['generation'], tcpPort: number): string {
  const common = {
    listenAddress: '127.0.0.1',
    nat: 'extip:127.0.0.1',
    extMultiAddrs: [`/ip4/127.0.0.1/tcp/${tcpPort}`],
    extMultiAddrsOnly: true,
    tcpPort,
    clusterId: 16,
    shards: [32],
    numShardsInNetwork: 0,
    relay: true,
    store: false,
    discv5Discovery: false,
    rendezvous: false,
    peerExchange: false,
    dnsAddrsNameServers: ['127.0.0.1'],
    nodekey: randomBytes(32).toString('hex'),
    logLevel: 'FATAL'
  }
  return JSON.stringify(generation === 'C' ? { entryLayer: 'kernel', kernelConf: { ...common, filter: false, lightpush: false } } : common)
}

async function ask (context: DriverContext, name: string, args: Array<string | number> = []): Promise<string> {
  const reply = await context.call(name, args, { timeoutMs: 60_000 })
  if (reply.code !== 0) throw new Error(`${name}: ${textOf(reply)}`)
  return textOf(reply)
}

/** A started node; `messages` receives the payloads that come. */
async function startNode (): Promise<RealNode> {
  const messages: string[] = []
  const onEvents = (events: readonly DriverEvent[]): void => {
    for (const event of events) {
      const { eventType } = JSON.parse(textOf(event)) as { eventType: string }
      if (eventType === 'message' && event.payload !== undefined) messages.push(event.payload.toString())
    }
  }
  const port = await freePort()
  const context = await driver.create(configFor(library.generation, port), { onEvents, timeoutMs: 30_000 })
  await ask(context, 'waku_start')
  if (library.generation === 'C') await ask(context, 'waku_relay_subscribe', [topic])
  return { context, messages, address: `/ip4/127.0.0.1/tcp/${port}/p2p/${await ask(context, 'waku_get_my_peerid')}` }
}

async function meet (a: RealNode, b: RealNode): Promise<void> {
  await ask(a.context, 'waku_connect', [b.address, 10_000])
  const end = performance.now() + 20_000
  for (const { context } of [a, b]) {
    while (await ask(context, 'waku_relay_get_num_peers_in_mesh', [topic]) === '0') {
      if (performance.now() > end) throw new Error('the nodes did not meet')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

async function publish (node: RealNode, payload: string): Promise<string> {
  const message = { payload: Buffer.from(payload).toString('base64'), contentTopic: '/app/1/test/proto', timestamp: String(BigInt(Date.now()) * 1_000_000n) }
  return ask(node.context, 'waku_relay_publish', [topic, JSON.stringify(message), 10_000])
}

async function end (...nodes: RealNode[]): Promise<void> {
  await Promise.all(nodes.map(async ({ context }) => {
    await ask(context, 'waku_stop')
    await context.destroy({ timeoutMs: 60_000 })
  }))
}

/** Numbered messages, never more than `open` published and not yet received. */
async function load (from: RealNode, to: RealNode, total: number, open: number): Promise<void> {
  let published = 0
  const publisher = async (): Promise<void> => {
    while (published < total) {
      const number = published++
      await publish(from, String(number).padStart(300, '0'))
      while (published - to.messages.length > open) await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  await Promise.all(Array.from({ length: 64 }, publisher))
  await until('the last messages', () => to.messages.length >= total && from.messages.length >= total, 30_000)
}

const acts: Record<string, () => Promise<object>> = {
  smoke: async () => {
    const [alice, bob] = [await startNode(), await startNode()]
    await meet(alice, bob)
    const version = await ask(alice.context, 'waku_version')
    const hash = await publish(alice, 'from alice')
    await publish(bob, 'from bob')
    await until('both messages at both', () => alice.messages.length === 2 && bob.messages.length === 2)
    await end(alice, bob)
    return { version, hash, alice: alice.messages.sort(), bob: bob.messages.sort(), generation: library.generation }
  },

  load: async () => {
    const [alice, bob] = [await startNode(), await startNode()]
    await meet(alice, bob)
    const begin = performance.now()
    await load(alice, bob, Number(count), 128)
    const perSecond = Math.round(Number(count) / (performance.now() - begin) * 1000)
    await end(alice, bob)
    return { perSecond, received: bob.messages.length, different: new Set(bob.messages).size, echoed: new Set(alice.messages).size }
  },

  /** In rounds of four nodes, because one alone takes the library 11 seconds to destroy. */
  cycles: async () => {
    const descriptors: number[] = []
    const memory: number[] = []
    for (let made = 0; made < Number(count); made += 4) {
      const nodes = await Promise.all([1, 2, 3, 4].map(startNode))
      await publish(nodes[0] ?? await startNode(), 'x').catch(() => 'no peers')
      await end(...nodes)
      descriptors.push(readdirSync('/dev/fd').length)
      memory.push(process.memoryUsage.rss())
    }
    return { descriptors, memory }
  },

  signals: async () => {
    const heard: string[] = []
    process.on('SIGINT', () => heard.push('SIGINT'))
    const node = await startNode()
    process.kill(process.pid, 'SIGINT')
    await until('SIGINT', () => heard.length === 1)
    await end(node)
    process.kill(process.pid, 'SIGINT')
    await until('SIGINT again', () => heard.length === 2)
    return { heard }
  },

  failure: async () => {
    const nodekey = 'ab'.repeat(32)
    const outcome = await driver.create(`{"nodekey":"${nodekey}",`, { timeoutMs: 30_000 }).catch((error: unknown) => error)
    await until('the end of what was made', () => driver.stats().contexts === 0, 60_000)
    return { outcome: outcome as object }
  },

  exit: async () => {
    await startNode()
    process.exit(7)
  }
}

console.log(JSON.stringify({ ...await acts[what]?.(), stats: driver.stats() }))
