import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { CliProcess, endCliProcesses } from '../helpers/cli-process.js'

afterEach(endCliProcesses)

async function run (...args: string[]): Promise<{ code: number, stdout: string, stderr: string }> {
  const process = new CliProcess(...args)
  const code = await process.exited()
  return { code, stdout: process.stdout, stderr: process.stderr }
}

describe('the command line', () => {
  it('explains itself on --help', async () => {
    const { code, stdout, stderr } = await run('--help')
    expect(code).toBe(0)
    for (const word of ['--listen', '--connect', '--nick', '--room', '--store', '--host', '--port', '--json', '--verbose', '--version', 'Exit codes']) {
      expect(stdout, word).toContain(word)
    }
    expect(stderr).toBe('')
  })

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    expect((await run('--version', '--json')).stdout).toBe(`{"version":"${version}"}\n`)
  })

  it.each([
    ['an unknown option, with the nearest known one', ['--conect', 'x'], 'unknown option --conect: did you mean --connect?'],
    ['an option that is like none, with all there are', ['--quetzalcoatl'], 'there is --connect, --listen'],
    ['a word that is no option', ['chat'], "'chat' is no command"],
    ['an option without its value', ['--connect'], '--connect needs a value'],
    ['an option in place of a value', ['--connect', '--listen'], '--connect needs a value'],
    ['a value where there is none', ['--listen=yes'], '--listen takes no value'],
    ['an option of the chat without the chat', ['--nick', 'ben'], '--nick is an option of the chat'],
    ['a port that is none', ['--listen', '--port', '70000'], '--port: must be a number from 0 to 65535'],
    ['a name of spaces', ['--listen', '--nick', '  '], '--nick: a name has 1 to 32 characters'],
    ['a room with a slash', ['--listen', '--room', 'a/b'], '--room: the name of a room has no slash'],
    ['what is not a multiaddr', ['--connect', 'example.org:60000'], "--connect: 'example.org:60000' is not a multiaddr"],
    ['a multiaddr without a peer id', ['--connect', '/ip4/127.0.0.1/tcp/60000'], '--connect: \'/ip4/127.0.0.1/tcp/60000\' must end in /p2p/<peer id>'],
    ['a host that is no IP address', ['--listen', '--host', 'localhost'], '--host: must be an IP address'],
    ['a store that is none', ['--listen', '--host', '127.0.0.1', '--store', 'mysql://x'], '--store: must be sqlite://']
  ])('refuses %s', async (_what, args, complaint) => {
    const { code, stdout, stderr } = await run(...args)
    expect(stderr).toContain(complaint)
    expect(stderr).not.toMatch(/^ +at /m)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  it('shows nothing of an argument that a terminal would obey', async () => {
    expect((await run('--\u001B[2Jlisten')).stderr).not.toContain('\u001B')
  })
})
