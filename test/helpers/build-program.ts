import { rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { bundledPackages, requireForBundles } from '../../scripts/bundle/bundled-packages.mjs'

const ownRoot = resolve(fileURLToPath(import.meta.url), '../../..')
const built = new Map<string, Promise<string>>()

/**
 * Bundles a TypeScript program that runs in a process of its own; once, however often it is asked for.
 *
 * @param source - the file, relative to `test/`.
 * @param root - the folder of the package, for callers that are bundled themselves.
 * @param packages - whether those from npm are in it, as in what is shipped, or loaded by themselves, which takes more time and memory.
 * @returns the file to run.
 */
export async function buildProgram (source: string, root = ownRoot, packages: 'bundled' | 'external' = 'external'): Promise<string> {
  const key = `${packages} ${source}`
  const outfile = built.get(key) ?? bundle(source, root, packages)
  built.set(key, outfile)
  return await outfile
}

async function bundle (source: string, root: string, packages: 'bundled' | 'external'): Promise<string> {
  const name = basename(source, '.ts')
  const outdir = join(root, 'build/test', `${name}-${packages}-${process.pid}`)
  // What vitest kills leaves it behind, under build/.
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }))
  await build({
    entryPoints: [join(root, 'test', source)],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // As the package does it: what is rarely needed is loaded when it is.
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node18',
    // Bundled, not for programs that import dist/, where the same names are declared already.
    ...(packages === 'external' ? { packages } : { ...bundledPackages(root), banner: { js: requireForBundles } }),
    logLevel: 'error',
    // Parts of the package look from here for the addon, and for the programs and threads that they start.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'dist/index.js')).href) }
  })
  return join(outdir, `${name}.mjs`)
}
