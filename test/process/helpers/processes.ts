import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Lists the processes that a process has started to host a backend. */
export function hostPidsOf (parentPid: number): number[] {
  return processes().filter(({ parent, command }) => parent === parentPid && /host(-\d+)?\.m?js/.test(command)).map(({ pid }) => pid)
}

/** Tells whether a process is there; one that has ended and waits for its parent to notice is not. */
export function isAlive (pid: number): boolean {
  return processes().some((each) => each.pid === pid && !each.isZombie)
}

/** Tells how much memory of a process is in the machine's, in bytes. */
export function residentBytesOf (pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) * 1024
}

/** Counts the open files and sockets of this process; 0 where that cannot be told. */
export function countDescriptors (): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
}

interface Process { readonly pid: number, readonly parent: number, readonly isZombie: boolean, readonly command: string }

function processes (): Process[] {
  return process.platform === 'linux' ? processesOfLinux() : processesByPs()
}

function processesOfLinux (): Process[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      // The name of the program stands in parentheses and may hold anything; state and parent come after it.
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const [, state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 1).split(' ')
      return [{ pid: Number(name), parent: Number(parent), isZombie: state === 'Z', command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }]
    } catch {
      // It ended meanwhile.
      return []
    }
  })
}

function processesByPs (): Process[] {
  const output = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,state=,command='], { encoding: 'utf8' })
  return output.trim().split('\n').map((line) => {
    const [pid = '', parent = '', state = '', ...command] = line.trim().split(/\s+/)
    return { pid: Number(pid), parent: Number(parent), isZombie: state.startsWith('Z'), command: command.join(' ') }
  })
}
