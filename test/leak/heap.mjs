import { setTimeout as delay } from 'node:timers/promises'

// Deadlines of what was done hold on to it until they pass; the longest in use are 10 s.
const patienceMs = 13_000
const lookMs = 400

/** Finds the least memory in use, in bytes, while deadlines of earlier work pass; returns early once it is no more than `enough`. */
export async function settledHeap (enough = 0) {
  let least = Infinity
  for (const end = performance.now() + patienceMs; performance.now() < end && least > enough;) {
    globalThis.gc()
    await delay(lookMs)
    globalThis.gc()
    least = Math.min(least, process.memoryUsage().heapUsed)
  }
  return least
}

/** Runs a cycle so many times and prints the memory in use after the first half and after the second. */
export async function measureGrowth (numCycles, cycle) {
  // Caches and compiled code fill up in the beginning.
  for (let count = 0; count < numCycles / 2; count++) await cycle()
  const half = await settledHeap()
  for (let count = 0; count < numCycles / 2; count++) await cycle()
  console.log(JSON.stringify({ half, end: await settledHeap(half) }))
}
