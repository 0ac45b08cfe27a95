import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import { installNode } from './install-node.mjs'
import { runCommand } from './run-command.mjs'

/** The major versions of Node that the suite must pass on. */
const supportedMajors = [20, 22, 24]

/** Left out on the other versions: the sanitizers and hours of a library's life that these tests compress do not depend on Node's version. */
const onlyOnRunningNode = ['test/native/sanitizers.test.ts', 'test/native/endurance-*.test.ts', 'test/leak/**']

/** Makes the step that runs the whole suite on one Node. */
export function suiteStep (name, nodePath, version) {
  return { name, title: `the test suite on Node ${version}`, run: async () => await runSuite(nodePath) }
}

/** Makes the steps for the supported versions of Node other than the one that is running. */
export function otherNodeSteps () {
  const running = Number(process.versions.node.split('.')[0])
  return supportedMajors.filter((major) => major !== running).map((major) => ({
    name: `node-${major}`,
    title: `the test suite on Node ${major}, without ${onlyOnRunningNode.join(', ')}`,
    run: async () => await runSuite(await installNode(major), onlyOnRunningNode.map((glob) => `--exclude=${glob}`))
  }))
}

/** With more files than these that fail, something is broken, and not only short of time. */
const maxFilesToRepeat = 5

/**
 * Runs a suite of vitest, and counts its tests. Many of them wait for real networks, processes and windows, and a machine may be busy with
 * something else for longer than they wait: files that fail are run once more, by themselves, and a test that passes then is told as unstable.
 */
export async function runSuite (nodePath, options = [], config = 'test/vitest.config.ts') {
  const first = await runTests(nodePath, options, config)
  if (first.failed.length === 0 || first.failed.length !== first.numFailed || first.failedFiles.length > maxFilesToRepeat) return resultOf(first)
  console.log(`check: once more, by themselves: ${first.failedFiles.join(', ')}`)
  const second = await runTests(nodePath, [...options, ...first.failedFiles], config)
  const unstable = first.failed.filter((test) => !second.failed.includes(test))
  return resultOf({ ...second, passed: first.passed + unstable.length, skipped: first.skipped }, unstable)
}

async function runTests (nodePath, options, config) {
  const folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-check-'))
  const report = join(folder, 'report.json')
  try {
    const code = await runCommand(nodePath, [
      'node_modules/vitest/vitest.mjs', 'run', '--config', config,
      '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...options
    ], { env: { PATH: `${dirname(nodePath)}${delimiter}${process.env.PATH}` } })
    return readReport(JSON.parse(readFileSync(report, 'utf8')), code)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readReport ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }, code) {
  const failed = []
  const failedFiles = []
  for (const { name, message, status, assertionResults } of testResults) {
    const file = relative(process.cwd(), name)
    const tests = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => `${file}: ${fullName}`)
    if (status === 'failed' && tests.length === 0) tests.push(`${file}: ${message.split('\n')[0]}`)
    failed.push(...tests)
    if (tests.length > 0) failedFiles.push(file)
  }
  // Files that do not load and errors outside of tests fail a run without a failed test.
  const hidden = Math.max(failed.length - numFailedTests, code !== 0 && numFailedTests + failed.length === 0 ? 1 : 0)
  return { passed: numPassedTests, numFailed: numFailedTests + hidden, skipped: numPendingTests + numTodoTests, failed, failedFiles }
}

function resultOf ({ passed, numFailed, skipped, failed }, unstable = []) {
  const remarks = [...failed.map((test) => `FAILED ${test}`), ...unstable.map((test) => `UNSTABLE, failed and passed when run again: ${test}`)]
  if (numFailed > 0 && failed.length === 0) remarks.push('FAILED outside of the tests; what happened stands above')
  return { passed, failed: numFailed, skipped, remarks }
}
