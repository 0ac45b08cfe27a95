import { dirname, join } from 'node:path'
import type { BenchContext } from './figure.js'

/** Returns the folder of the package, which figures cannot tell from where they lie: they are bundled. */
export function packageRoot ({ programs }: BenchContext): string {
  return join(dirname(programs.ours), '../..')
}
