// Tries inputs on the real library, one after another, as its parent asks: survivor LIBRARY
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNode, isWakuError, type NodeOptions, type WakuNode } from 'nwaku-desktop'
import { killerInputs } from './killer-inputs.js'

const libraryPath = process.argv[2] ?? ''
const folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

const create = async (options?: NodeOptions): Promise<WakuNode> => {
  const defaults: NodeOptions = { host: '127.0.0.1', port: 0, clusterId: 16, shards: [32], backend: 'libwaku', libraryPath, isolation: 'in-process' }
  return await createNode(Array.isArray(options) ? options as NodeOptions : { ...defaults, ...options })
}

/** What comes of an input, and whether the library still works afterwards. */
async function attempt (title: string): Promise<object> {
  const nodes: WakuNode[] = []
  const track = async (options?: NodeOptions): Promise<WakuNode> => {
    const node = await create(options)
    nodes.push(node)
    return node
  }
  const start = async (options?: NodeOptions): Promise<WakuNode> => {
    const node = await track(options)
    await node.start()
    return node
  }
  const input = killerInputs.find((each) => each.title === title)
  const outcome = await input?.attempt({ create: track, start, path: (name) => join(folder, name) }).then(() => 'nothing', nameOf)
  for (const node of nodes) if (node.status === 'started') await node.getVersion()
  await Promise.all(nodes.map(async (node) => await node.close()))
  const another = await create()
  await another.start()
  const version = await another.getVersion()
  await another.close()
  const { unsubscribe, reliability } = another.supports
  return { outcome, works: version !== '', generation: unsubscribe ? reliability ? 'B' : 'C' : 'A' }
}

function nameOf (error: unknown): string {
  return isWakuError(error) ? error.code : String(error)
}

process.on('message', (title: string) => {
  attempt(title).then((result) => process.send?.(result), (error: unknown) => process.send?.({ outcome: `afterwards: ${String(error)}` }))
})
process.once('disconnect', () => process.exit())
