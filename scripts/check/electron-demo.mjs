import { setUpDemo } from '../demo/set-up-demo.mjs'
import { findElectronFolder } from '../electron/find-electron.mjs'
import { commandStep } from './command-step.mjs'
import { runSuite } from './suite.mjs'

/** Makes the steps for the Electron chat, which has dependencies of its own: they are installed here. */
export function electronDemoSteps () {
  const node = process.execPath
  return [
    afterSetUp(commandStep('demo-types', 'TypeScript finds the types of the Electron chat right', node, ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'electron-demo'])),
    afterSetUp(commandStep('demo-lint', 'ESLint finds nothing in the Electron chat', node, ['node_modules/eslint/bin/eslint.js', 'electron-demo'])),
    afterSetUp({
      name: 'electron-demo',
      title: 'the Electron chat, used by what is on its screen',
      run: async () => {
        const result = await runSuite(node, [], 'electron-demo/test/vitest.config.ts')
        if (findElectronFolder() === undefined) result.remarks.push('SKIPPED: what needs an Electron: set ELECTRON_OVERRIDE_DIST_PATH to the folder of one')
        return result
      }
    })
  ]
}

function afterSetUp ({ name, title, run }) {
  return {
    name,
    title,
    run: async () => {
      await setUpDemo({ needsElectron: false })
      return await run()
    }
  }
}
