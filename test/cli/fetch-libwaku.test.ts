import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../helpers/temporary-folder.js'
import { elfLibrary, openableLibrary } from '../fetch-libwaku/helpers/packages.js'
import { breaksAfter, file, ReleaseServer } from '../fetch-libwaku/helpers/release-server.js'

const cliPath = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const host = `${process.platform === 'darwin' ? 'macos' : 'linux'}-${process.arch}`
const name = `libwaku-${host}.so`
const content = elfLibrary({ arch: process.arch === 'arm64' ? 'arm64' : 'x64', size: 300_000 })
const files = `/files/${name}`

let server: ReleaseServer
let folder: ReturnType<typeof makeTemporaryFolder>
let into: string
beforeEach(async () => {
  server = await ReleaseServer.listen()
  server.release([{ name, content }])
  folder = makeTemporaryFolder()
  into = join(folder.path, 'into')
})
afterEach(async () => {
  await server.close()
  folder.remove()
})

interface Ended { readonly code: number | null, readonly stdout: string, readonly stderr: string }

/** Runs the command; `prefix` is put before it on the command line of a shell. */
function start (args: readonly string[], prefix = ''): { interrupt: () => void, ended: Promise<Ended> } {
  const child = spawn('sh', ['-c', `${prefix} exec "$@"`, 'sh', process.execPath, cliPath, 'fetch-libwaku', ...args], {
    env: { ...process.env, NWAKU_RELEASES_URL: server.releasesUrl, XDG_DATA_HOME: folder.path, HOME: folder.path, NO_PROXY: '127.0.0.1' }
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
  return { interrupt: () => child.kill('SIGINT'), ended }
}

describe.skipIf(process.platform !== 'linux')('fetch-libwaku', () => {
  it('prints where the library is, and on stderr how it got on', async () => {
    server.release([{ name, content: openableLibrary('b') ?? content }])
    const { code, stdout, stderr } = await start([]).ended
    expect(stdout).toMatch(/^libwaku v0\.38\.1.*: .*\/nwaku-desktop\/libwaku\/v0\.38\.1\/libwaku\.so\n$/)
    expect(stderr).toMatch(/^fetching libwaku: .* MiB, 100 %$/m)
    expect(code).toBe(0)
  })

  it('prints JSON with --json, and says what it could not try', async () => {
    const { code, stdout, stderr } = await start(['--json', '--into', into]).ended
    expect(JSON.parse(stdout)).toMatchObject({ type: 'fetched', path: join(into, 'libwaku.so'), version: 'v0.38.1', wasThere: false })
    expect(stderr).toContain('could not be tried here')
    expect(code).toBe(0)
  })

  it('fails with a reason and no stack, and leaves nothing', async () => {
    const { code, stdout, stderr } = await start(['--version', 'v0.0.1', '--into', into]).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^nwaku-desktop: There is no release v0\.0\.1 .*\(WAKU_FETCH_FAILED\)\n$/)
    expect(existsSync(into)).toBe(false)
  })

  it.each([
    ['a digest that is none', ['--sha256', 'abc'], '--sha256: must be 64 hex digits'],
    ['a file that is not there', ['--from', '/nowhere'], '--from: there is no /nowhere'],
    ['an unknown option, with the nearest known one', ['--vresion', 'v1'], 'did you mean --version?'],
    ['a second word', ['now'], "'now' is no command"]
  ])('refuses %s', async (_what, args, complaint) => {
    const { code, stderr } = await start(args).ended
    expect(stderr).toContain(complaint)
    expect(code).toBe(2)
  })

  it('stops on SIGINT with no half library, and goes on where it was the next time', async () => {
    const serves = file(content)
    let interrupt = (): unknown => undefined
    const breaks = breaksAfter(content, 150_000, () => undefined)
    server.on(files, (request, response, numBefore) => {
      if (numBefore > 0) { serves(request, response, numBefore); return }
      breaks(request, response, numBefore)
      response.on('close', () => undefined)
      const look = setInterval(() => {
        if (existsSync(into) && readdirSync(join(into, '.partial'), { recursive: true }).some((path) => String(path).endsWith('data') && readFileSync(join(into, '.partial', String(path))).length > 0)) {
          clearInterval(look)
          interrupt()
        }
      }, 10)
      response.on('close', () => clearInterval(look))
    })
    const first = start(['--into', into])
    interrupt = first.interrupt
    expect((await first.ended).code).toBe(130)
    expect(readdirSync(into)).toEqual(['.partial'])
    expect((await start(['--into', into]).ended).code).toBe(0)
    expect(server.log.at(-1)).toMatch(/bytes=[1-9]/)
    expect(readdirSync(into).sort()).toEqual(['fetched.json', 'libwaku.so'])
  })

  it('says so when there is no room, and leaves no half library', async () => {
    // No file of this process may have more than so many blocks of 512 bytes: the archive fits, the library does not.
    const source = join(folder.path, 'libwaku.so.v1.2.3')
    writeFileSync(source, content)
    const { code, stderr } = await start(['--from', source, '--into', into], 'ulimit -f 300; ').ended
    expect(stderr).toContain('no room left')
    expect(code).toBe(1)
    expect(readdirSync(into)).toEqual([])
  })
})
