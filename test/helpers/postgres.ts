import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './free-port.js'

const debianFolder = '/usr/lib/postgresql'

/** Where the server's programs are; undefined when PostgreSQL is not installed. */
export const postgresFolder = findPrograms()

/** Why tests that need PostgreSQL cannot run; undefined when they can. Says so aloud, because a skipped test is easily overlooked. */
export const postgresMissing = postgresFolder === undefined
  ? `no initdb in PATH or under ${debianFolder}: install Debian's package 'postgresql'`
  : undefined
if (postgresMissing !== undefined) console.warn(`SKIPPED: tests on PostgreSQL: ${postgresMissing}`)

const user = 'archivist'
const startDeadlineMs = 60_000
const tries = 3

/** A PostgreSQL server of its own on a free loopback port, in a temporary folder. Writes are not synced: tests do not outlive the machine. */
export class PostgresServer {
  readonly password = randomBytes(12).toString('hex')
  readonly #folder: string
  readonly #owner = findOwner()
  #port = 0
  #process: ChildProcess | undefined
  #numDatabases = 0

  private constructor (folder: string) {
    this.#folder = folder
  }

  static async start (): Promise<PostgresServer> {
    const server = new PostgresServer(mkdtempSync(join(tmpdir(), 'waku-postgres-')))
    await server.#initialize()
    // Another process may take the port between its choice and its use.
    for (let attempt = 1; ; attempt++) {
      server.#port = await freePort()
      try {
        await server.resume()
        return server
      } catch (error) {
        if (attempt === tries) throw error
      }
    }
  }

  /** Creates an empty database and returns its URL. */
  async createDatabase (): Promise<string> {
    const name = `archive_${++this.#numDatabases}`
    await this.run(`CREATE DATABASE ${name}`)
    return this.urlOf(name)
  }

  urlOf (database: string): string {
    return `postgres://${user}:${this.password}@127.0.0.1:${this.#port}/${database}`
  }

  /** Runs statements of the test's own. */
  async run (sql: string, url = this.urlOf('postgres'), values: unknown[] = []): Promise<Array<Record<string, unknown>>> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      return (await client.query<Record<string, unknown>>(sql, values.length === 0 ? undefined : values)).rows
    } finally {
      await client.end()
    }
  }

  /** Stops the server at once, as a crash would, so that connections break and it recovers at the next start. */
  async halt (): Promise<void> {
    const running = this.#process
    if (running === undefined) return
    this.#process = undefined
    const exited = once(running, 'exit')
    running.kill('SIGQUIT')
    await exited
  }

  /** Starts the server on the data and port that it had. */
  async resume (): Promise<void> {
    const settings = [`port=${this.#port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'log_min_messages=fatal']
    const started = spawn(this.#program('postgres'), ['-D', join(this.#folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])], {
      ...this.#owner, cwd: this.#folder, stdio: 'ignore'
    })
    this.#process = started
    const deadline = performance.now() + startDeadlineMs
    for (;;) {
      try {
        await this.run('SELECT 1')
        return
      } catch (error) {
        if (started.exitCode !== null || performance.now() > deadline) throw error
        await setTimeout(50)
      }
    }
  }

  async close (): Promise<void> {
    await this.halt()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #initialize (): Promise<void> {
    const { uid, gid } = this.#owner
    const passwordFile = join(this.#folder, 'password')
    writeFileSync(passwordFile, this.password)
    if (uid !== undefined && gid !== undefined) for (const path of [this.#folder, passwordFile]) chownSync(path, uid, gid)
    await promisify(execFile)(this.#program('initdb'), [
      '-D', join(this.#folder, 'data'), '-U', user, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--no-locale', '--no-sync'
    ], { ...this.#owner, cwd: this.#folder })
  }

  #program (name: string): string {
    if (postgresFolder === undefined) throw new Error(postgresMissing)
    return join(postgresFolder, name)
  }
}

function findPrograms (): string | undefined {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((version) => join(debianFolder, version, 'bin')), ...(process.env.PATH ?? '').split(delimiter)]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

// The server refuses to run as root.
function findOwner (): { uid?: number, gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
  const owner = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  return { uid: Number(owner?.[2]), gid: Number(owner?.[3]) }
}
