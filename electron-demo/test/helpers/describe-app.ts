import { describe } from 'vitest'
import { whyNoApp } from './electron.js'

/** Describes the app in a real Electron. Where there is none, the tests are skipped and say why. */
export function describeApp (title: string, define: () => void): void {
  if (whyNoApp === undefined) describe(title, define)
  else describe.skip(`${title} (skipped: ${whyNoApp})`, define)
}

/** The same, unless something else speaks against it. */
describeApp.skipIf = (condition: boolean) => (title: string, define: () => void): void => {
  if (condition) describe.skip(title, define)
  else describeApp(title, define)
}
