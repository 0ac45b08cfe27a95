import { diagnose } from '../../doctor/diagnose.js'
import type { CommandContext } from '../context.js'
import { diagnosisText } from '../diagnosis-text.js'
import { exitCodes } from '../exit-codes.js'
import type { CommonOptions } from '../options.js'

/** Tells whether the native backend works here, and what is missing: exit code 0 when it does, 1 when only the JS backend does. */
export async function doctor (_options: CommonOptions, { output, signal }: CommandContext): Promise<number> {
  const diagnosis = await diagnose({ signal })
  const isColourful = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
  output.data(diagnosisText(diagnosis, isColourful), { ...diagnosis })
  return diagnosis.works ? exitCodes.ok : exitCodes.failed
}
