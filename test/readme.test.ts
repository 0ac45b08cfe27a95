import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

// Whole processes, several in a test, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 })

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

interface Block {
  readonly language: string
  readonly code: string
  /** The line of the README where it begins. */
  readonly line: number
  /** The `text` block that follows at once: what a program prints. */
  readonly prints: string | undefined
}

const blocks: readonly Block[] = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm)].map((match) => ({
  language: match[1] ?? '',
  code: match[2] ?? '',
  line: readme.slice(0, match.index).split('\n').length,
  prints: match[3]
}))
const snippets = blocks.filter(({ language }) => language === 'ts')
// A program imports what it uses; a fragment shows calls on a node that is there already.
const programs = snippets.filter(({ code }) => code.startsWith('import '))
const commands = blocks.filter(({ language }) => language === 'sh').flatMap(({ code }) => code.trim().split('\n'))

const aroundFragment = [
  'import type { MessageHash, WakuNode } from \'nwaku-desktop\'',
  'declare const node: WakuNode, payload: Uint8Array, signal: AbortSignal, hash: MessageHash',
  ''
].join('\n')

// Inside the package, so that it finds itself by its name.
let folder: string

beforeAll(() => {
  mkdirSync(join(root, 'build'), { recursive: true })
  folder = mkdtempSync(join(root, 'build/readme-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run (...args: string[]): { status: number | null, stdout: string, stderr: string } {
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 60_000 })
}

describe('the README', () => {
  it('has only blocks that are checked here', () => {
    expect(blocks.filter(({ language }) => !['ts', 'sh'].includes(language))).toEqual([])
    expect(programs.length).toBeGreaterThan(2)
  })

  it('has a quick start of less than 15 lines', () => {
    expect(programs[0]?.code.trim().split('\n').length).toBeLessThan(15)
  })

  it('has code of right types', () => {
    for (const { code, line } of snippets) {
      const isProgram = code.startsWith('import ')
      // In a function, where a fragment's names are its own.
      const text = isProgram ? code : `${aroundFragment}export async function fragment (): Promise<void> {\n${code}}\n`
      writeFileSync(join(folder, `line-${line}.ts`), text)
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'] }))
    const { status, stdout } = run('node_modules/typescript/bin/tsc', '-p', folder)
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })

  it.each(programs)('has a program at line $line that prints what it says', ({ code, line, prints }) => {
    const path = join(folder, `line-${line}.mjs`)
    writeFileSync(path, transformSync(code, { loader: 'ts', format: 'esm', target: 'node18' }).code)
    const { status, stdout, stderr } = run(path)
    expect(stderr).toBe('')
    expect(stdout).toBe(prints ?? '')
    expect(status).toBe(0)
  })

  it('has commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
    for (const command of commands) {
      const npm = /^npm (?:run )?(\w+)(?: -- (.*))?$/.exec(command)
      const npx = /^npx nwaku-desktop ?(.*)$/.exec(command)
      if (command === 'npm install nwaku-desktop') continue
      expect(npm ?? npx, command).not.toBeNull()
      if (npm !== null) expect(Object.keys(scripts), command).toContain(npm[1])
      const args = npx?.[1] ?? (npm?.[1] === 'start' ? npm[2] ?? '' : undefined)
      // With --help, options are checked and nothing is started.
      if (args !== undefined) expect(run('dist/cli.js', ...args.split(' ').filter((arg) => arg !== ''), '--help').status, command).toBe(0)
    }
  })

  it.each([
    ['error code', 'src/errors.ts', /^ {2}(WAKU_\w+):/gm],
    ['event', 'src/events.ts', /^ {2}'([\w:]+)':/gm],
    ['capability', 'src/backend.ts', /^ {2}readonly (\w+): boolean/gm],
    ['option of a node', 'src/config.ts', /^ {2}(\w+): (?:z\.|port|secretKey|addresses)/gm]
  ])('names every %s', (_what, file, pattern) => {
    const names = [...readFileSync(join(root, file), 'utf8').matchAll(pattern)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(5)
    for (const name of names) expect(readme, name).toContain(`\`${name}\``)
  })

  it('links only to what is in it or beside it', () => {
    const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => `#${heading.toLowerCase().replace(/[^\w -]/g, '').replace(/ /g, '-')}`)
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link).filter((link) => !link.startsWith('https://'))
    for (const link of links) expect(headings.includes(link) || (!link.startsWith('#') && existsSync(join(root, link))), link).toBe(true)
  })
})
