import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { buildProgram } from '../../helpers/build-program.js'
import type { BenchContext, Side } from './figure.js'
import { packageRoot } from './package-root.js'

/** What the programs print at their end, as far as it applies to what they did. */
export interface NativeOutcome {
  readonly received: number
  readonly seconds: number
  readonly processorSeconds: number
  /** In microseconds for calls, in milliseconds for latencies. */
  readonly p50: number
  readonly p99: number
  readonly longestMs: number
  readonly residentBytes: readonly number[]
}

/** How many messages came a second, from the first to the last. */
export function ratePerSecond ({ received, seconds }: NativeOutcome): number {
  return (received - 1) / seconds
}

/** How long a program may take, in milliseconds. */
const timeoutMs = 300_000

const built = new Map<string, Promise<NativePrograms>>()

/**
 * Two programs that do the same with libwaku: one in C, which is the baseline, and one on this package
 * (`test/bench/c/pair.c` tells what they are asked).
 */
export class NativePrograms {
  readonly libraryPath: string
  readonly #files: Readonly<Record<Side, string>>

  private constructor (libraryPath: string, files: Readonly<Record<Side, string>>) {
    this.libraryPath = libraryPath
    this.#files = files
  }

  /** Builds them, once in a run. @returns undefined, said loudly, where `LIBWAKU_PATH` names no library. */
  static async prepare (context: BenchContext, figure: string): Promise<NativePrograms | undefined> {
    const libraryPath = process.env['LIBWAKU_PATH']
    if (libraryPath !== undefined && existsSync(libraryPath)) {
      const programs = built.get(context.folder) ?? NativePrograms.#build(context, libraryPath)
      built.set(context.folder, programs)
      return await programs
    }
    if (process.env['REQUIRE_LIBWAKU'] === '1') throw new Error('REQUIRE_LIBWAKU=1, but LIBWAKU_PATH names no library')
    context.progress(`${figure}: SKIPPED, because LIBWAKU_PATH names no library`)
    return undefined
  }

  static async #build (context: BenchContext, libraryPath: string): Promise<NativePrograms> {
    const root = packageRoot(context)
    const baseline = join(context.folder, 'pair')
    const sources = ['pair.c', 'node.c', 'pace.c'].map((name) => join(root, 'test/bench/c', name))
    await promisify(execFile)(process.env['CC'] ?? 'cc', ['-O2', ...sources, '-o', baseline, '-ldl', '-lpthread'])
    return new NativePrograms(libraryPath, { ours: await buildProgram('bench/programs/native-pair.ts', root, 'bundled'), baseline })
  }

  /** Runs one to its end. @param options - of ours, for example `--door koffi`. */
  async run (side: Side, args: ReadonlyArray<string | number>, options: readonly string[] = []): Promise<NativeOutcome> {
    return await this.#start(side, args, options).outcome
  }

  /** Has a node of one side receive what the C program publishes, in another process. */
  async receive (side: Side, sizeBytes: number, count: number, rate: number, options: readonly string[] = []): Promise<NativeOutcome> {
    const receiver = this.#start(side, ['receive', sizeBytes, count, rate], options)
    const { address } = await Promise.race<unknown>([receiver.firstLine, receiver.outcome]) as { address: string }
    await this.#start('baseline', ['feed', sizeBytes, count, rate, address], []).outcome
    return await receiver.outcome
  }

  #start (side: Side, args: ReadonlyArray<string | number>, options: readonly string[]): { firstLine: Promise<unknown>, outcome: Promise<NativeOutcome> } {
    const file = this.#files[side]
    const all = [this.libraryPath, ...args.map(String), ...options]
    const stdio = ['ignore', 'pipe', 'pipe'] as const
    const child = side === 'ours' ? spawn(process.execPath, [file, ...all], { stdio: [...stdio] }) : spawn(file, all, { stdio: [...stdio] })
    const lines: string[] = []
    const firstLine = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line)
        resolve(JSON.parse(line))
      })
    })
    return { firstLine, outcome: outcomeOf(child, lines, args) }
  }
}

async function outcomeOf (child: ChildProcess, lines: readonly string[], args: ReadonlyArray<string | number>): Promise<NativeOutcome> {
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => { errors = (errors + chunk.toString()).slice(-2000) })
  const timer = setTimeout(() => child.kill('SIGKILL'), args[0] === 'soak' ? 2 ** 31 - 1 : timeoutMs)
  const [code, signal] = await once(child, 'close') as [number | null, NodeJS.Signals | null]
  clearTimeout(timer)
  const last = lines.at(-1)
  if (code !== 0 || last === undefined) throw new Error(`${args.join(' ')} ended with ${signal ?? String(code)}: ${errors}`)
  const outcome = JSON.parse(last) as NativeOutcome
  const [verb, , count] = args
  if (verb !== 'calls' && verb !== 'feed' && outcome.received !== count) throw new Error(`${args.join(' ')}: of ${String(count)} messages ${outcome.received} came`)
  return outcome
}
