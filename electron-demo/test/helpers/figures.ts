import { appendFileSync } from 'node:fs'

/** Tells a measured figure. It is judged by who reads it: a test that fails because a machine is slow says nothing of the app. */
export function tellFigure (name: string, value: number, unit: string, aim: string): void {
  const line = `figure ${name}: ${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit} (aim: ${aim})`
  console.log(line)
  const file = process.env['NWAKU_CHAT_FIGURES']
  if (file !== undefined) appendFileSync(file, `${line}\n`)
}

/** The value that a part of all values does not exceed. */
export function quantile (values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? NaN
}
