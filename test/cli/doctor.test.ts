import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../helpers/temporary-folder.js'
import { elfLibrary, openableLibrary } from '../fetch-libwaku/helpers/packages.js'
import type { Diagnosis } from '../../src/doctor/diagnosis.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const otherArch = process.arch === 'arm64' ? 'x64' : 'arm64'

let folder: ReturnType<typeof makeTemporaryFolder>
beforeEach(() => { folder = makeTemporaryFolder() })
afterEach(() => folder.remove())

interface Ended { readonly code: number | null, readonly stdout: string, readonly stderr: string }

/** Runs the command, with no library anywhere but where a test puts one. */
async function doctor (args: readonly string[], env: Record<string, string> = {}, packageRoot = root): Promise<Ended> {
  const child = spawn(process.execPath, [join(packageRoot, 'dist/cli.js'), 'doctor', ...args], {
    env: { PATH: process.env['PATH'], HOME: folder.path, XDG_DATA_HOME: folder.path, ...env }
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  return await new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
}

async function diagnosisOf (env: Record<string, string> = {}, packageRoot = root): Promise<Diagnosis & { code: number | null }> {
  const { code, stdout } = await doctor(['--json'], env, packageRoot)
  return { ...JSON.parse(stdout) as Diagnosis, code }
}

/** Puts a file where fetched libraries are. */
function put (content: Buffer, version = 'v0.38.1'): string {
  const path = join(folder.path, 'nwaku-desktop/libwaku', version, 'libwaku.so')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content, { mode: 0o755 })
  return path
}

/** A library that does something when it is opened; undefined where there is no compiler. */
function compiled (code: string): string | undefined {
  const path = join(folder.path, 'libwaku.so')
  writeFileSync(`${path}.c`, code)
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-Wl,-soname,libwaku.so', '-o', path, `${path}.c`], { stdio: 'ignore' })
    return path
  } catch {
    console.warn('SKIPPED, libraries that misbehave when they are opened: there is no C compiler')
    return undefined
  }
}

describe.skipIf(process.platform !== 'linux')('doctor', () => {
  it('says where it runs, what is missing, and the command that mends it', async () => {
    const { code, stdout, stderr } = await doctor([])
    expect(stdout).toContain(`${process.platform}-${process.arch}`)
    expect(stdout).toContain(`Node ${process.versions.node}, Node-API ${process.versions['napi'] ?? ''}`)
    expect(stdout).toMatch(/^addon +loads +\/.*waku_addon\.node$/m)
    expect(stdout).toMatch(/^library +none found$/m)
    expect(stdout).toContain('Mend it: npx nwaku-desktop fetch-libwaku')
    expect(stdout, 'no colours in a pipe').not.toContain('\u001B')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  })

  it('finds a fetched library, and says its generation and version', async () => {
    const content = openableLibrary('b')
    if (content === undefined) return
    const path = put(content)
    expect(await diagnosisOf()).toMatchObject({ code: 0, works: true, problems: [], addon: { works: true }, library: { path, generation: 'B', version: expect.any(String) as unknown } })
    expect((await doctor([])).stdout).toContain('The native backend works.')
  })

  it.each(['a', 'b', 'c'])('asks the fake library of generation %s for its version', async (name) => {
    const content = openableLibrary(name)
    if (content === undefined) return
    const { library } = await diagnosisOf({ NWAKU_LIBRARY_PATH: put(content, 'custom') })
    expect(library.generation).toBe(name.toUpperCase())
    expect(library.version).not.toBe('')
  })

  it('tells each place at which it looked, and why not there', async () => {
    const content = openableLibrary('b')
    if (content === undefined) return
    const [broken, good] = [put(elfLibrary({ arch: otherArch }), 'v0.39.0'), put(content)]
    const { library, code } = await diagnosisOf()
    expect(library.places).toMatchObject([
      { origin: 'fetched', path: broken, reason: expect.stringContaining(`it is for Linux on ${otherArch}`) as unknown },
      { origin: 'fetched', path: good }
    ])
    expect(code).toBe(0)
  })

  it('looks nowhere else when NWAKU_LIBRARY_PATH names a library, as the backend does', async () => {
    const content = openableLibrary('b')
    if (content !== undefined) put(content)
    const { library, problems, code } = await diagnosisOf({ NWAKU_LIBRARY_PATH: '/nowhere/libwaku.so' })
    expect(library.places).toMatchObject([{ origin: 'NWAKU_LIBRARY_PATH', path: '/nowhere/libwaku.so', reason: 'there is no such file' }])
    expect(problems).toEqual([{ what: 'NWAKU_LIBRARY_PATH names /nowhere/libwaku.so, and there is no such file.', remedy: 'unset NWAKU_LIBRARY_PATH && npx nwaku-desktop fetch-libwaku' }])
    expect(code).toBe(1)
  })

  it.each([
    ['is for another processor', () => elfLibrary({ arch: otherArch }), 'it is for Linux on'],
    ['is no library', () => Buffer.from('<html>'), 'it is no native library'],
    ['has headers and nothing else', () => elfLibrary({ arch: process.arch === 'arm64' ? 'arm64' : 'x64' }), 'the system cannot load it'],
    ['is of an unknown generation', () => openableLibrary('c0'), 'its interface is unknown']
  ])('says what is wrong with a library that %s, and what to do', async (_what, make, reason) => {
    const content = make()
    if (content === undefined) return
    const path = put(content)
    const { works, problems, code } = await diagnosisOf()
    expect({ works, code }).toEqual({ works: false, code: 1 })
    expect(problems).toEqual([{ what: expect.stringContaining(reason) as unknown, remedy: `rm '${path}' && npx nwaku-desktop fetch-libwaku` }])
  })

  it('says which other library one needs', async () => {
    const path = compiled('int f (void) { return 1; }')
    if (path === undefined) return
    const needy = join(folder.path, 'needy/libwaku.so')
    mkdirSync(dirname(needy))
    const other = join(folder.path, 'libodd.so.7')
    execFileSync('cc', ['-shared', '-Wl,-soname,libodd.so.7', '-o', other, '-x', 'c', '/dev/null'])
    execFileSync('cc', ['-shared', '-Wl,-soname,libwaku.so', '-Wl,--no-as-needed', '-o', needy, '-x', 'c', '/dev/null', '-x', 'none', other])
    const { problems } = await diagnosisOf({ NWAKU_LIBRARY_PATH: needy })
    expect(problems[0]).toEqual({ what: `${needy} needs libodd.so.7, which this system does not have.`, remedy: 'sudo apt install libodd7' })
  })

  it.each([
    ['crashes', '__attribute__((constructor)) static void f (void) { *(volatile int *) 0 = 1; }', 'SIGSEGV'],
    ['ends the process', '#include <stdlib.h>\n__attribute__((constructor)) static void f (void) { _Exit(3); }', 'exit code 3']
  ])('survives a library that %s when it is opened', async (_what, source, reason) => {
    const path = compiled(source)
    if (path === undefined) return
    const { problems, code } = await diagnosisOf({ NWAKU_LIBRARY_PATH: path })
    expect(problems[0]?.what).toContain(`it ended the process with ${reason}`)
    expect(code).toBe(1)
  })

  it('tells of a package without its native parts, and how to compile them', async () => {
    const installed = join(folder.path, 'node_modules/nwaku-desktop')
    mkdirSync(installed, { recursive: true })
    for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(installed, name), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'))
    const { addon, koffi, problems, code } = await diagnosisOf({}, installed)
    expect([addon, koffi]).toMatchObject([{ works: false }, { works: false }])
    expect(addon.attempts).toContainEqual({ path: join(installed, 'native/build/Release/waku_addon.node'), reason: 'there is no such file' })
    expect(problems[0]?.remedy).toContain('npm rebuild nwaku-desktop')
    expect(code).toBe(1)
  })

  it('takes no other option and no second word', async () => {
    expect(await doctor(['--listen'])).toMatchObject({ code: 2, stdout: '' })
    expect(await doctor(['now'])).toMatchObject({ code: 2, stdout: '' })
  })
})
