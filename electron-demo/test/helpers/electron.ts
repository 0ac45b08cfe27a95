import { findElectronFolder, executableIn } from '../../../scripts/electron/find-electron.mjs'
import { electronFlags } from '../../../scripts/electron/electron-flags.mjs'

/** The Electron that the tests use; undefined when there is none. */
export const electronFolder: string | undefined = findElectronFolder()

/** Why no app can be opened here; undefined when one can. */
export const whyNoApp: string | undefined = electronFolder === undefined
  ? 'no Electron: ELECTRON_OVERRIDE_DIST_PATH names the folder of one'
  : process.platform === 'linux' && process.env['DISPLAY'] === undefined && process.env['WAYLAND_DISPLAY'] === undefined ? 'no display: install xvfb' : undefined

/** Electron's executable, and the switches without which it does not start here. */
export function electronCommand (): { executablePath: string, flags: string[] } {
  if (electronFolder === undefined) throw new Error('there is no Electron')
  return { executablePath: executableIn(electronFolder), flags: [...electronFlags(electronFolder), '--disable-gpu', '--lang=en-US'] }
}
