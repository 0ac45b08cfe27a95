/** Prints rows as JSON, one object a line. */
export function jsonPrinter () {
  return (row) => process.stdout.write(`${JSON.stringify(row)}\n`)
}

/** Prints rows as lines of a table, each as soon as it is known, so that the columns have fixed widths, those of the longest names. */
export function tablePrinter () {
  let isFirst = true
  return ({ figure, case: name, value, unit, baseline, ratio }) => {
    if (isFirst) process.stdout.write(line('figure', 'case', 'value', 'unit', 'baseline', 'ratio'))
    isFirst = false
    process.stdout.write(line(figure, name, formatted(value), unit, formatted(baseline), ratio === null ? '-' : ratio.toFixed(2)))
  }
}

function line (figure, name, value, unit, baseline, ratio) {
  return `${figure.padEnd(22)}${name.padEnd(48)}${value.padStart(10)} ${unit.padEnd(8)}${baseline.padStart(10)}${ratio.padStart(8)}\n`
}

function formatted (value) {
  if (value === null) return '-'
  const decimals = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2
  return value.toFixed(decimals).replace(/\B(?=(\d{3})+$)/g, ' ')
}
