import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../helpers/temporary-folder.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const addon = join(root, 'native/build/Release/waku_addon.node')

let folder: ReturnType<typeof makeTemporaryFolder>
beforeEach(() => {
  folder = makeTemporaryFolder()
  place('scripts/install.mjs', readFileSync(join(root, 'scripts/install.mjs')))
  place('native/binding.gyp', '')
})
afterEach(() => folder.remove())

/** Puts a file into the installed package. */
function place (path: string, content: string | Buffer): string {
  const full = join(folder.path, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, content)
  return full
}

/** Installs with a stand-in for node-gyp, which notes that it was called. */
function install (nodeGyp: string, env: Record<string, string> = {}): { status: number | null, stderr: string, numCompiled: number } {
  const stub = place('node-gyp.cjs', `require('fs').appendFileSync(${JSON.stringify(join(folder.path, 'calls'))}, 'x'); ${nodeGyp}`)
  const { status, stderr } = spawnSync(process.execPath, [join(folder.path, 'scripts/install.mjs')], { encoding: 'utf8', env: { PATH: process.env['PATH'], npm_config_node_gyp: stub, ...env } })
  const calls = join(folder.path, 'calls')
  return { status, stderr, numCompiled: existsSync(calls) ? readFileSync(calls).length : 0 }
}

describe.skipIf(process.platform === 'win32')('installing the package', () => {
  it('compiles nothing where an addon that it brings along fits', () => {
    const path = place(`prebuilds/${process.platform}-${process.arch}/nwaku-desktop.glibc.node`, '')
    cpSync(addon, path)
    expect(install('')).toEqual({ status: 0, stderr: '', numCompiled: 0 })
  })

  it('compiles where the one that it brings along does not load', () => {
    place(`prebuilds/${process.platform}-${process.arch}/nwaku-desktop.musl.node`, 'for another system')
    const { status, stderr, numCompiled } = install(`
      const folder = process.argv[process.argv.indexOf('-C') + 1]
      require('fs').mkdirSync(folder + '/build/Release', { recursive: true })
      require('fs').copyFileSync(${JSON.stringify(addon)}, folder + '/build/Release/waku_addon.node')`)
    expect({ status, numCompiled }).toEqual({ status: 0, numCompiled: 1 })
    expect(stderr).toMatch(/compiled now …\nnwaku-desktop: done\n$/)
  })

  it.each([
    ['the compiler fails', 'console.error("g++: error: nothing works today"); process.exit(1)', 'g++: error: nothing works today'],
    ['what is compiled does not load', '', 'node-gyp ended with exit code 0'],
    ['node-gyp crashes', 'process.kill(process.pid, "SIGKILL")', 'node-gyp ended with SIGKILL']
  ])('does not fail when %s, and says what to do', (_what, nodeGyp, reason) => {
    const { status, stderr } = install(nodeGyp)
    expect(status).toBe(0)
    expect(stderr).toContain(`not compiled: ${reason}`)
    expect(stderr).toContain('The JS backend works without it.')
    expect(stderr).toContain('npm rebuild nwaku-desktop')
  })

  it('does not fail where there is no node-gyp at all', () => {
    const { status, stderr } = install('', { npm_config_node_gyp: '/nowhere', PATH: folder.path })
    expect(status).toBe(0)
    expect(stderr).toContain('there is no node-gyp')
  })

  it('leaves a clone and whoever asks for it alone', () => {
    expect(install('', { NWAKU_SKIP_COMPILE: '1' })).toEqual({ status: 0, stderr: '', numCompiled: 0 })
    place('src/index.ts', '')
    expect(install('')).toEqual({ status: 0, stderr: '', numCompiled: 0 })
  })
})
