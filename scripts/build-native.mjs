#!/usr/bin/env node
// Compiles what is native: the addon, the bridge as a shared library, and, for tests, the fake libraries.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { $ } from 'zx'
import { withLock } from './setup/lock.mjs'

const usage = `Usage: node scripts/build-native.mjs [options]

Compiles native/ with node-gyp: needs a C++17 compiler, make and Python 3. What is up to date is left alone.

  --fakes  compile the libraries that stand in for libwaku in tests as well
  --force  compile everything anew
  --help   print this
`

const root = fileURLToPath(new URL('..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    fakes: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false }
  }
})

if (options.help) {
  process.stdout.write(usage)
} else {
  await withLock(join(root, 'build/.native-lock'), async () => {
    await compile('the addon and the bridge', join(root, 'native'), ['binding.gyp', 'src'])
    if (options.fakes) await compile('the fake libraries', join(root, 'native/fake'), ['.'])
  })
}

async function compile (what, folder, sources) {
  const stampFile = join(folder, 'build/.sources')
  const stamp = fingerprint(folder, sources)
  if (!options.force && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    report(`${what}: up to date`)
    return
  }
  report(`${what}: compiling`)
  const startedAt = performance.now()
  const nodeGyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js')
  const { exitCode, stdall } = await $({ nothrow: true, quiet: true })`
    ${process.execPath} ${nodeGyp} ${options.force ? ['rebuild'] : ['configure', 'build']} -C ${folder} -j ${availableParallelism()} ${headers()}`
  if (exitCode !== 0) {
    process.stderr.write(stdall)
    report(`${what}: failed; what is needed: a C++17 compiler, make and Python 3`)
    process.exitCode = 1
    return
  }
  writeFileSync(stampFile, stamp)
  report(`${what}: done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

/** Node's headers from beside the running executable, where there are any: then nothing has to be fetched. */
function headers () {
  const prefix = join(dirname(process.execPath), '..')
  const beside = existsSync(join(prefix, 'include/node/node_api.h'))
  return beside && process.env.npm_config_nodedir === undefined ? [`--nodedir=${prefix}`] : []
}

/** A digest of the sources. Not of the runtime: Node-API binaries serve all. */
function fingerprint (folder, sources) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  for (const source of sources) {
    const path = join(folder, source)
    const files = source.includes('.') && source !== '.' ? [path] : readdirSync(path).filter((name) => /\.(cc?|h|gyp)$/.test(name)).sort().map((name) => join(path, name))
    for (const file of files) hash.update(file.slice(folder.length)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function report (line) {
  process.stderr.write(`build-native: ${line}\n`)
}
