#!/usr/bin/env node
// Builds out/: main, preload, the engine and the renderer, each for its process.
import { writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } })
if (values.help === true) {
  console.log('Usage: node scripts/build.mjs\nBuilds out/ from src/.')
  process.exit(0)
}

const builtins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)]
const processes = [
  { input: 'src/main/index.ts', file: 'main.cjs', format: 'cjs', external: [] },
  { input: 'src/main/early.ts', file: 'early.cjs', format: 'cjs', external: [] },
  { input: 'src/preload/index.ts', file: 'preload.cjs', format: 'cjs', external: [] },
  // These two are on disk beside it: they hold native code, and programs that are started from their files.
  { input: 'src/node-process/index.ts', file: 'engine.mjs', format: 'es', external: ['nwaku-desktop', 'libsql'] }
]

const startedAt = performance.now()
await build({ configFile: `${root}vite.config.mjs`, logLevel: 'warn' })
for (const { input, file, format, external } of processes) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external, target: 'node' },
    build: {
      ssr: `${root}${input}`,
      outDir: `${root}out`,
      emptyOutDir: false,
      target: 'node18',
      sourcemap: true,
      minify: false,
      rollupOptions: { external: ['electron', ...builtins, ...external], output: { format, entryFileNames: file, codeSplitting: false } }
    }
  })
}
// What older releases of Electron can start as a utility process, which is no ES module.
writeFileSync(`${root}out/engine.cjs`, "'use strict'\nimport('./engine.mjs')\n")
// Everything else in out/ has a name that says what it is.
console.log(`build: out/ in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
