import { row, type BenchContext, type Row } from './harness/figure.js'
import { NativePrograms } from './harness/native-programs.js'
import { median } from './harness/statistics.js'

/** Growth of the memory in use over the second half of a long run. */
export const figures = ['soak.growth', 'soak.memory']

export const isOnDemand = true

const sizeBytes = 1024
const rate = 200
const minutes = 15

/** Gives a row for the growth and one for the memory at the end, of a process with two nodes. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const programs = await NativePrograms.prepare(context, 'soak')
  if (programs === undefined) return
  context.progress(`soak: ${minutes} minutes, until about ${new Date(Date.now() + minutes * 60_000).toLocaleTimeString()}`)
  const { residentBytes } = await programs.run('ours', ['soak', sizeBytes, minutes * 60 * rate, rate])
  const [third, last] = [2, 3].map((quarter) => median(residentBytes.slice(residentBytes.length * quarter / 4, residentBytes.length * (quarter + 1) / 4))) as [number, number]
  const name = `1 KiB at ${rate} msg/s, ${minutes} minutes`
  yield row('soak.growth', name, '%', 100 * (last / third - 1))
  yield row('soak.memory', name, 'MB', last / 1e6)
}
