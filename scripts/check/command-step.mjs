import { runCommand } from './run-command.mjs'

/** Makes a step that counts as one check: a command that must end with exit code 0. */
export function commandStep (name, title, command, args) {
  return {
    name,
    title,
    async run () {
      const isGood = await runCommand(command, args) === 0
      return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0, remarks: isGood ? [] : ['FAILED; what it found stands above'] }
    }
  }
}
