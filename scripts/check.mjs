#!/usr/bin/env node
// Runs every check of the project, one after another, and ends with one line that adds up their results.
import { parseArgs } from 'node:util'
import { electronDemoSteps } from './check/electron-demo.mjs'
import { electronStep } from './check/electron.mjs'
import { commandStep } from './check/command-step.mjs'
import { otherNodeSteps, suiteStep } from './check/suite.mjs'

const node = process.execPath
const steps = [
  commandStep('types', 'TypeScript finds the types right', node, ['node_modules/typescript/bin/tsc', '--noEmit']),
  commandStep('lint', 'ESLint finds nothing', node, ['node_modules/eslint/bin/eslint.js', '.', '--ignore-pattern', 'electron-demo/']),
  commandStep('package', 'publint finds the package right', node, ['node_modules/publint/src/cli.js', 'run', '--strict']),
  suiteStep('suite', process.execPath, process.versions.node),
  ...otherNodeSteps(),
  electronStep(),
  ...electronDemoSteps()
]

const usage = `Usage: npm test, or node scripts/check.mjs [options]

  --only STEP  run this step only; may be given several times
  --help       print this

The steps:
${steps.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join('\n')}
`

process.exitCode = await main()

async function main () {
  const { only, help, problem } = parseOptions()
  if (problem !== undefined) {
    console.error(`check: ${problem}\n\n${usage}`)
    return 2
  }
  if (help) {
    console.log(usage)
    return 0
  }
  const selected = steps.filter(({ name }) => only.length === 0 || only.includes(name))
  const results = []
  for (const [index, step] of selected.entries()) {
    console.log(`\ncheck ${index + 1} of ${selected.length}: ${step.name} (${step.title})`)
    results.push(await runStep(step))
  }
  return report(results)
}

function parseOptions () {
  try {
    const { values: { only = [], help = false } } = parseArgs({ options: { only: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } } })
    const unknown = only.find((name) => !steps.some((step) => step.name === name))
    return { only, help, problem: unknown === undefined ? undefined : `there is no step ${unknown}` }
  } catch (error) {
    return { problem: error.message }
  }
}

async function runStep (step) {
  const beganAt = performance.now()
  let result
  try {
    result = await step.run()
  } catch (error) {
    // A step that cannot run is a failed one, and the others still tell what they find.
    result = { passed: 0, failed: 1, skipped: 0, remarks: [error.message] }
  }
  const { passed, failed, skipped } = result
  console.log(`check: ${step.name} ${failed > 0 ? 'FAILED' : 'is done'}: ${passed} passed, ${failed} failed, ${skipped} skipped, in ${((performance.now() - beganAt) / 1000).toFixed(1)} s`)
  return { step, ...result }
}

function report (results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  console.log()
  for (const { step, remarks = [] } of results) for (const remark of remarks) console.log(`${step.name}: ${remark}`)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  return sum('failed') > 0 ? 1 : 0
}
