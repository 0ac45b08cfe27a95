import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import { installNode } from './install-node.mjs'
import { runCommand } from './run-command.mjs'

/** The major versions of Node that the suite must pass on. */
const supportedMajors = [20, 22, 24]

/** Left out on the other versions: the sanitizers and hours of a library's life that these tests compress do not depend on Node's version. */
const onlyOnRunningNode = ['test/native/**', 'test/leak/**']

/** Makes the step that runs the whole suite on one Node. */
export function suiteStep (name, nodePath, version) {
  return { name, title: `the test suite on Node ${version}`, run: async () => await runSuite(nodePath) }
}

/** Makes the steps for the supported versions of Node other than the one that is running. */
export function otherNodeSteps () {
  const running = Number(process.versions.node.split('.')[0])
  return supportedMajors.filter((major) => major !== running).map((major) => ({
    name: `node-${major}`,
    title: `the test suite on Node ${major}, without ${onlyOnRunningNode.join(' and ')}`,
    run: async () => await runSuite(await installNode(major), onlyOnRunningNode.map((glob) => `--exclude=${glob}`))
  }))
}

/** Runs a suite of vitest, and counts its tests. */
export async function runSuite (nodePath, options = [], config = 'test/vitest.config.ts') {
  const folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-check-'))
  const report = join(folder, 'report.json')
  try {
    const code = await runCommand(nodePath, [
      'node_modules/vitest/vitest.mjs', 'run', '--config', config,
      '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...options
    ], { env: { PATH: `${dirname(nodePath)}${delimiter}${process.env.PATH}` } })
    return resultOf(JSON.parse(readFileSync(report, 'utf8')), code)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function resultOf ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }, code) {
  const remarks = testResults.flatMap(({ name, message, status, assertionResults }) => {
    const file = relative(process.cwd(), name)
    const failed = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => `FAILED ${file}: ${fullName}`)
    return status === 'failed' && failed.length === 0 ? [`FAILED ${file}: ${message.split('\n')[0]}`] : failed
  })
  // Files that do not load and errors outside of tests fail a run without a failed test.
  const hidden = Math.max(remarks.length - numFailedTests, code !== 0 && numFailedTests + remarks.length === 0 ? 1 : 0)
  if (hidden > 0 && remarks.length === 0) remarks.push('FAILED outside of the tests; what happened stands above')
  return { passed: numPassedTests, failed: numFailedTests + hidden, skipped: numPendingTests + numTodoTests, remarks }
}
