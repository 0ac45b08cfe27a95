#!/usr/bin/env node
// Builds dist/: the bundles, their type declarations, and the licences of what is bundled.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { bundledPackages, requireForBundles } from './bundle/bundled-packages.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
// What applications and the command line load. What several of them need is in chunks that they share, and what is rarely needed, such as
// UPnP, is in chunks of its own.
const entries = {
  index: 'src/index.ts',
  cli: 'src/cli/main.ts',
  host: 'src/backends/process/host.ts',
  'library-host': 'src/backends/remote-library/library-host.ts',
  'fetch-libwaku': 'src/fetch-libwaku/fetch-libwaku.ts',
  polyfills: 'src/polyfills.ts'
}
// Small programs beside them, one file each.
const helpers = {
  'archive-worker': 'src/archive/archive-worker.ts',
  'library-probe': 'src/backends/libwaku/probe/probe-program.ts'
}

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } })
if (values.help === true) {
  console.log('Usage: node scripts/build.mjs\nBuilds dist/ from src/.')
  process.exit(0)
}

const startedAt = performance.now()
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const options = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node18',
  sourcemap: true,
  legalComments: 'eof',
  metafile: true,
  logLevel: 'warning',
  define: { __PACKAGE_VERSION__: JSON.stringify(version) },
  ...bundledPackages(root)
}
const results = await Promise.all([
  // A chunk is evaluated before what imports it, so each file asks for the polyfills itself.
  build({ ...options, entryPoints: entries, splitting: true, banner: { js: `import './polyfills.js'; ${requireForBundles}` } }),
  build({ ...options, entryPoints: helpers, banner: { js: requireForBundles } })
])
const [outputs, inputs] = ['outputs', 'inputs'].map((part) => results.flatMap(({ metafile }) => Object.keys(metafile[part])))
removeStaleOutputs(outputs)
writeDeclarations()
// What older releases of Electron can start as a utility process, which is no ES module.
for (const name of ['host', 'library-host']) writeFileSync(join(root, `dist/${name}.cjs`), `'use strict'\nimport('./${name}.js')\n`)
writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), noticesOf(inputs))
console.log(`build: dist/ with ${Object.keys({ ...entries, ...helpers }).map((name) => `${name}.js`).join(', ')} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)

/** Removes outputs of earlier builds, whose names hold hashes. The declarations of removed sources are rewritten with the rest. */
function removeStaleOutputs (outputs) {
  const current = new Set(outputs.map((output) => resolve(root, output)))
  for (const entry of readdirSync(join(root, 'dist'), { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name)
    if (entry.isFile() && !current.has(path)) rmSync(path)
  }
}

function writeDeclarations () {
  const tsc = createRequire(import.meta.url).resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc')
  mkdirSync(join(root, 'dist'), { recursive: true })
  execFileSync(process.execPath, [tsc, '-p', join(root, 'src/tsconfig.json')], { stdio: 'inherit' })
}

/** Collects the licence texts of the packages whose files went into the bundles. */
function noticesOf (inputs) {
  const folders = new Set(inputs.map(packageFolderOf).filter((folder) => folder !== undefined))
  const notices = [...folders].map(noticeOf)
  const unique = [...new Set(notices)].sort()
  return [
    'The files of this folder contain code of the packages below, each under its own licence.\n',
    ...unique
  ].join(`\n${'-'.repeat(80)}\n\n`)
}

function packageFolderOf (input) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]
}

function noticeOf (folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort()
  const by = typeof author === 'string' ? author : author?.name
  const texts = files.map((file) => readFileSync(join(root, folder, file), 'utf8').trim())
  // Some packages ship no text; what they declare is then all there is.
  if (texts.length === 0) texts.push(`No licence text is part of the package. It declares: ${license}${by === undefined ? '' : `; by ${by}`}`)
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`
}
