// A program of its own: opens the native library, and may die of it. Its caller is probe-library.ts.
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { isWakuError, reasonOf } from '../../../errors.js'
import type { Driver, OpenLibrary } from '../drivers/driver.js'
import { loadDriver } from '../drivers/load.js'
import { candidates } from '../drivers/locate.js'
import { readText } from '../drivers/read-text.js'
import { unknownInterface } from '../drivers/refusal.js'
import { reportDescriptor, type ProbeLine, type ProbeRequest } from './report.js'

const versionLabel = 'version / git commit hash: '

/** A node that listens nowhere, for it is never started, and would find nobody. */
const quiet = {
  listenAddress: '127.0.0.1',
  nat: 'extip:127.0.0.1',
  clusterId: 16,
  shards: [32],
  numShardsInNetwork: 0,
  relay: true,
  discv5Discovery: false,
  rendezvous: false,
  peerExchange: false,
  rlnRelay: false,
  dnsAddrsNameServers: ['127.0.0.1'],
  logLevel: 'FATAL'
}

try {
  await probe(JSON.parse(process.argv[2] ?? '') as ProbeRequest)
  report({ step: 'done' })
} catch (error) {
  const attempts = isWakuError(error, 'WAKU_UNAVAILABLE') ? error.details.attempts : []
  report({ step: 'failed', reason: reasonOf(error), attempts, isUnknown: attempts.some(({ reason }) => reason.startsWith(unknownInterface)) })
}
// Not by itself: the end of a node takes the library up to half a minute.
process.exit()

async function probe ({ doors, library, version }: ProbeRequest): Promise<void> {
  const driver = loadDriver(doors)
  report({ step: 'driver', name: driver.name, path: loadedPath(driver.name) })
  if (library === undefined) return
  const { generation, path } = await driver.open(library)
  report({ step: 'open', generation, path })
  if (!version) return
  report({ step: 'version', version: await askVersion(driver, generation) })
}

async function askVersion (driver: Driver, generation: OpenLibrary['generation']): Promise<string> {
  const options = { ...quiet, nodekey: randomBytes(32).toString('hex') }
  const node = await driver.create(JSON.stringify(generation === 'C' ? { entryLayer: 'kernel', kernelConf: options } : options))
  const text = readText(await node.call('waku_version'), 'waku_version')
  return text.startsWith(versionLabel) ? text.slice(versionLabel.length) : text
}

/** The file through which the driver came in. The system knows it by the process's loaded files; the report lists them. */
function loadedPath (name: Driver['name']): string | undefined {
  const { sharedObjects = [] } = process.report.getReport() as { sharedObjects?: string[] }
  return candidates(name === 'addon' ? 'addon' : 'bridge').find((path) => sharedObjects.includes(path))
}

function report (line: ProbeLine): void {
  writeSync(reportDescriptor, `${JSON.stringify(line)}\n`)
}
