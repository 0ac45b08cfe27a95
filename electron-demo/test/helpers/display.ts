import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

let server: ChildProcess | undefined

/** Starts a display without a screen where there is none; where that cannot be done either, the tests that need one are skipped. */
export async function setup (): Promise<void> {
  if (process.platform !== 'linux' || process.env['NWAKU_CHAT_TEST_ON_SCREEN'] !== undefined) return
  server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1600x1100x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const failed = once(server, 'error').then(() => undefined)
  const [output] = await Promise.race([once(server.stdout as NodeJS.ReadableStream, 'data'), failed.then(() => [undefined])]) as [Buffer | undefined]
  if (output === undefined) delete process.env['DISPLAY']
  else process.env['DISPLAY'] = `:${output.toString('utf8').trim()}`
}

export function teardown (): void {
  server?.kill()
}
