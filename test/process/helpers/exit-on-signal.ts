import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const root = resolve(fileURLToPath(import.meta.url), '../../../..')

/** Processes that this one starts until the test ends call exit(7) when they get SIGUSR2. Linux only. */
export function exitOnSignal (): void {
  const library = join(root, `build/test/exit-on-signal-${process.pid}.so`)
  mkdirSync(join(root, 'build/test'), { recursive: true })
  execFileSync('cc', ['-shared', '-fPIC', '-o', library, join(root, 'test/process/programs/exit-on-signal.c')])
  const before = process.env['LD_PRELOAD']
  process.env['LD_PRELOAD'] = library
  onTestFinished(() => {
    if (before === undefined) delete process.env['LD_PRELOAD']
    else process.env['LD_PRELOAD'] = before
  })
}
