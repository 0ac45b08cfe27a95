import { ChatFailure } from '../chat-failure.js'

/** Stops a process from doing anything for a while. It may be ended meanwhile, because it does not answer. @throws {ChatFailure} `CHAT_REFUSED` on Windows, which cannot. */
export function stall (pid: number, durationMs: number): void {
  if (process.platform === 'win32') throw new ChatFailure('CHAT_REFUSED', 'Windows cannot stop a process for a while')
  process.kill(pid, 'SIGSTOP')
  setTimeout(() => {
    try {
      process.kill(pid, 'SIGCONT')
    } catch {
      // It is gone.
    }
  }, durationMs)
}
