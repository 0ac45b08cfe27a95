import { reasonOf } from './errors.js'
import type { Logger } from './options.js'

/** Wraps a logger so that one that throws or rejects disturbs nothing; its failures become warnings of the process. */
export function safeLogger (logger: Logger): Logger {
  const safely = (level: keyof Logger): Logger[typeof level] => (message, fields) => {
    try {
      // By its type it returns nothing; asynchronous ones are there all the same.
      const result = (logger as Record<keyof Logger, (...line: Parameters<Logger['warn']>) => unknown>)[level](message, fields)
      if (result instanceof Promise) result.catch(warn)
    } catch (error) {
      warn(error)
    }
  }
  return { error: safely('error'), warn: safely('warn'), info: safely('info'), debug: safely('debug') }
}

function warn (error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(reasonOf(error)))
}
