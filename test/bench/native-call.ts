import { row, type BenchContext, type Row } from './harness/figure.js'
import { interleave } from './harness/interleave.js'
import { NativePrograms } from './harness/native-programs.js'
import { median, medianOrNull } from './harness/statistics.js'

/** What a call takes that does next to nothing, to libwaku's thread and back. */
export const figures = ['native.call.p50']

const count = 5000

/** Gives a row beside the C program, and one of koffi beside the addon. */
export async function * measure (context: BenchContext): AsyncGenerator<Row> {
  const programs = await NativePrograms.prepare(context, 'native.call')
  if (programs === undefined) return
  const calls = await interleave(context, 'native.call', async (side) => (await programs.run(side, ['calls', count])).p50)
  const addon = median(calls.ours)
  yield row('native.call.p50', 'getVersion', 'us', addon, medianOrNull(calls.baseline))
  const koffi = await interleave(context, 'native.call koffi', async (side) =>
    (await programs.run('ours', ['calls', count], side === 'ours' ? ['--door', 'koffi'] : [])).p50)
  yield row('native.call.p50', 'getVersion, koffi beside the addon', 'us', median(koffi.ours), medianOrNull(koffi.baseline))
}
