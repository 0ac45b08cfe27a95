import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { NodeOptions } from 'nwaku-desktop'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { buildProgram } from '../helpers/build-program.js'
import { untilEqual } from '../helpers/until.js'
import { isolatedBackends } from './helpers/isolated-backends.js'
import { hostPidsOf, isAlive } from './helpers/processes.js'

let program = ''
beforeAll(async () => { program = await buildProgram('process/programs/application.ts') })

describe.each(isolatedBackends)('the process of a backend, $name, is gone when the application', ({ options }) => {
  test('is killed', async () => {
    const { application, hostPid } = await runApplication('goes on', options)
    application.kill('SIGKILL')
    await untilEqual(() => isAlive(hostPid), false)
  })

  test('is killed while it starts the process', async () => {
    const application = spawnApplication('goes on', options)
    await untilEqual(() => hostPidsOf(application.pid ?? 0).length, 1)
    const [hostPid = 0] = hostPidsOf(application.pid ?? 0)
    application.kill('SIGKILL')
    await untilEqual(() => isAlive(hostPid), false)
  })

  test.each(['exits', 'throws', 'closes', 'is created only'])('%s', async (way) => {
    const { exitCode, hostPid } = await runApplication(way, options)
    expect(await exitCode).toBe(way === 'throws' ? 1 : 0)
    await untilEqual(() => isAlive(hostPid), false)
  })

  test('closes its node on an interrupt from the terminal, which the process ignores', async () => {
    const { application, exitCode, hostPid, lines } = await runApplication('closes when it is interrupted', options)
    // As a terminal does it: to all processes in front of it.
    process.kill(-(application.pid ?? 0), 'SIGINT')
    await exitCode
    expect(lines).toEqual(['ready', 'closed'])
    expect(isAlive(hostPid)).toBe(false)
  })
})

interface Application {
  readonly application: ChildProcess
  readonly exitCode: Promise<number>
  readonly hostPid: number
  readonly lines: readonly string[]
}

async function runApplication (way: string, options: NodeOptions): Promise<Application> {
  const application = spawnApplication(way, options)
  // Both the end and the last line may come first.
  const exitCode = once(application, 'close').then(([code]: number[]) => code ?? -1)
  const lines: string[] = []
  const pids = new Set<number>()
  createInterface({ input: application.stdout as NodeJS.ReadableStream }).on('line', (line) => { lines.push(line) })
  await untilEqual(() => {
    for (const pid of hostPidsOf(application.pid ?? 0)) pids.add(pid)
    return lines[0]
  }, 'ready')
  const [hostPid] = pids
  if (hostPid === undefined) throw new Error('no process of a backend was there')
  return { application, exitCode, hostPid, lines }
}

function spawnApplication (way: string, options: NodeOptions): ChildProcess {
  // In a process group of its own, like a job of a terminal.
  const application = spawn(process.execPath, [program, way, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  onTestFinished(() => { application.kill('SIGKILL') })
  return application
}
