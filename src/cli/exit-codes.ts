/** How a command ended, as the process's exit code. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** No backend could be loaded. */
  unavailable: 3,
  /** 128 and the number of the signal, as shells have it. */
  interrupted: 130,
  terminated: 143
} as const
