import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './helpers/libraries.js'

const native = join(root, 'native')
const compiler = process.env['CXX'] ?? 'c++'
const cCompiler = process.env['CC'] ?? 'cc'

/** The sources of the core, as the build has them. */
function coreSources (): string[] {
  const gyp = readFileSync(join(native, 'binding.gyp'), 'utf8')
  const core = /'core': \[([^\]]*)\]/.exec(gyp)?.[1] ?? ''
  return [...core.matchAll(/'(.*?)'/g)].map(([, name]) => join(native, name ?? ''))
}

describe.each([
  ['address and undefined-behaviour', ['-fsanitize=address,undefined', '-fno-sanitize-recover=all']],
  ['thread', ['-fsanitize=thread']]
])('the core under the %s sanitizer', (_, flags) => {
  let folder = ''
  const run = (command: string, args: string[], env: NodeJS.ProcessEnv = {}): void => {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env } })
    expect({ status, stdout, stderr }, `${command} ${args.join(' ')}`).toEqual({ status: 0, stdout: '', stderr: '' })
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-'))
    const common = [...flags, '-g', '-O1', '-fno-omit-frame-pointer', '-pthread']
    const sources = [...coreSources(), join(native, 'test/stress.cc')]
    run(compiler, [...common, '-std=c++17', '-rdynamic', ...sources, '-ldl', '-o', join(folder, 'stress')])
    for (const generation of [1, 2, 3]) {
      const fakes = ['fake_libwaku', 'fake_node', 'fake_network', 'fake_text'].map((name) => join(native, `fake/${name}.c`))
      run(cCompiler, [...common, '-std=gnu11', '-fPIC', '-shared', `-DGENERATION=${generation}`, ...fakes, '-o', join(folder, `${generation}.so`)])
    }
  }, 180_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([['A', 1], ['B', 2], ['C', 3]])('does everything at once over generation %s without a finding', (__, generation) => {
    run(join(folder, 'stress'), [join(folder, `${generation}.so`)], {
      ASAN_OPTIONS: 'detect_stack_use_after_return=1', TSAN_OPTIONS: 'halt_on_error=1', UBSAN_OPTIONS: 'print_stacktrace=1'
    })
  }, 120_000)
})
