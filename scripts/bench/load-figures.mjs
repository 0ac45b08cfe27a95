import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/**
 * Loads test/bench/*.ts, each of which is a `FigureModule` (test/bench/harness/figure.ts), in the order of their file names.
 *
 * They are TypeScript and may import parts of the package that it does not export, so they are bundled first.
 */
export async function loadFigures (root) {
  const folder = join(root, 'test/bench')
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts')).map((name) => name.slice(0, -3)).sort()
  const outdir = join(root, 'build/bench')
  await build({
    entryPoints: names.map((name) => join(folder, `${name}.ts`)),
    outdir,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node18',
    outExtension: { '.js': '.mjs' },
    logLevel: 'error',
    // Parts of the package look for their workers beside themselves, and those are built into dist.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'dist/index.js')).href) }
  })
  return await Promise.all(names.map(async (name) => {
    const module = await import(pathToFileURL(join(outdir, `${name}.mjs`)).href)
    if (!Array.isArray(module.figures) || typeof module.measure !== 'function') {
      throw new Error(`test/bench/${name}.ts must export figures and measure, as FigureModule says`)
    }
    return module
  }))
}
