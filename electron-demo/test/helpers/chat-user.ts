import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Locator, type Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import type { ChatApi, EngineMethod, EngineRequests, NodeState, Result, Settings } from '../../src/shared/ipc.js'
import { electronCommand } from './electron.js'

/** How a user's app is started. */
export interface UserOptions {
  /** What is chosen without the first-run screen; null for that screen. */
  readonly preset?: Partial<Settings> & { readonly rooms?: readonly string[] } | null
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** A packaged app to start instead of the one that is built here. */
  readonly executablePath?: string
}

const demo = fileURLToPath(new URL('../..', import.meta.url))

/** How long anything that is to happen may take, in milliseconds. */
const deadlineMs = 45_000

/** One user with an app of their own, used as a person does, by what is on the screen. */
export class ChatUser {
  readonly nick: string
  readonly dataPath: string
  /** Errors that the window reported. */
  readonly pageErrors: string[] = []
  readonly #folder: string
  readonly #options: UserOptions
  #app: ElectronApplication | undefined
  #page: Page | undefined

  constructor (nick: string, folder: string, options: UserOptions) {
    this.nick = nick
    this.dataPath = join(folder, nick)
    this.#folder = folder
    this.#options = options
  }

  get app (): ElectronApplication {
    if (this.#app === undefined) throw new Error(`the app of ${this.nick} is not open`)
    return this.#app
  }

  get page (): Page {
    if (this.#page === undefined) throw new Error(`the app of ${this.nick} is not open`)
    return this.#page
  }

  async open (...moreArgs: string[]): Promise<void> {
    const { executablePath: electron, flags } = electronCommand()
    const { preset = {}, args = [], env = {}, executablePath } = this.#options
    const app = executablePath === undefined ? ['-r', join(demo, 'out/early.cjs'), demo] : []
    const chosen = preset === null ? [] : [`--chat-preset=${JSON.stringify({ nickname: this.nick, rooms: ['lobby'], backend: 'js', language: 'en', ...preset })}`]
    this.#app = await _electron.launch({
      executablePath: executablePath ?? electron,
      args: [...flags, ...app, `--chat-data=${this.dataPath}`, `--chat-rendezvous=${join(this.#folder, 'local-network')}`, ...chosen, ...args, ...moreArgs],
      env: { ...process.env as Record<string, string>, ...env }
    })
    this.#page = await this.#app.firstWindow()
    this.#page.setDefaultTimeout(deadlineMs)
    this.#page.on('pageerror', (error) => this.pageErrors.push(error.message))
    this.#page.on('console', (message) => { if (message.type() === 'error') this.pageErrors.push(message.text()) })
  }

  /** Starts the app once more with the same data, as the system does for a link. @returns its exit code. */
  async spawnAgain (...args: string[]): Promise<number | null> {
    const { executablePath, flags } = electronCommand()
    const child = spawn(executablePath, [...flags, '-r', join(demo, 'out/early.cjs'), demo, `--chat-data=${this.dataPath}`, ...args], { stdio: 'ignore' })
    const [code] = await once(child, 'exit') as [number | null]
    return code
  }

  async close (): Promise<void> {
    const app = this.#app
    this.#app = undefined
    this.#page = undefined
    await app?.close()
  }

  async restart (): Promise<void> {
    await this.close()
    await this.open()
  }

  /** Asks the engine, for what no person can see. */
  async ask<M extends EngineMethod> (method: M, params: EngineRequests[M]['params']): Promise<EngineRequests[M]['value']> {
    const result = await this.try(method, params)
    if (!result.ok) throw new Error(`${method}: ${result.error.code}, ${result.error.message}`)
    return result.value
  }

  async try<M extends EngineMethod> (method: M, params: EngineRequests[M]['params']): Promise<Result<EngineRequests[M]['value']>> {
    return await this.page.evaluate(async ([name, given]) => await (window as unknown as { chat: ChatApi }).chat.request(name, given as never), [method, params] as const)
  }

  async node (): Promise<NodeState> {
    return (await this.ask('state:get', null)).node
  }

  async untilOnline (): Promise<void> {
    await this.until(async () => { expect((await this.node()).phase).toBe('online') })
  }

  async until<T> (assert: () => T | Promise<T>): Promise<T> {
    return await vi.waitFor(assert, { timeout: deadlineMs, interval: 20 })
  }

  get composer (): Locator {
    return this.page.getByRole('textbox', { name: /^Message to/ })
  }

  async say (text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** The bubble with a text. */
  message (text: string): Locator {
    return this.page.getByRole('group', { name: /^Messages in/ }).getByRole('listitem').filter({ hasText: text }).last()
  }

  async sees (text: string): Promise<void> {
    await this.message(text).waitFor()
  }

  /** Waits until an own message is in a state, as the window words it. */
  async seesState (text: string, state: 'Sending' | 'Sent' | 'Stored' | 'Not sent'): Promise<void> {
    await this.message(text).filter({ hasText: state }).waitFor()
  }

  /** All texts of a room, oldest first, as the engine has them. */
  async texts (roomId = 'lobby'): Promise<string[]> {
    const { messages } = await this.ask('messages:window', { roomId, from: -500, limit: 500 })
    return messages.map(({ text }) => text)
  }

  async openPanel (tab: 'Overview' | 'Peers' | 'Events' | 'Log' | 'Trouble' = 'Overview'): Promise<void> {
    const tabButton = this.page.getByRole('tab', { name: tab })
    if (!await tabButton.isVisible()) await this.page.getByRole('main').getByRole('button', { name: 'Node panel' }).click()
    await tabButton.click()
  }
}
