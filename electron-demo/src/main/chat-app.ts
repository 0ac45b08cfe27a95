import { app, nativeTheme, type BrowserWindow } from 'electron'
import { channels, type EngineToMain, type MainEvent, type Settings } from '../shared/ipc.js'
import { settlePaths } from './app-paths.js'
import { followUpdates } from './auto-update.js'
import { EngineProcess } from './engine-process.js'
import { lockDown } from './lock-down.js'
import { Log } from './log.js'
import { createMainWindow } from './main-window.js'
import { Notifications } from './notifications.js'
import { findInvite, type AppOptions } from './options.js'
import { followPowerAndNetwork } from './power-and-network.js'
import { serveRenderer } from './renderer-protocol.js'
import { serveWindow } from './serve-window.js'
import { WindowPlace } from './window-place.js'

/** How long the window may take until it listens, before events for it are dropped. */
const maxWaitingEvents = 100

/** The app: one window, one engine, and what goes between them and the system. */
export class ChatApp {
  readonly #folder: string
  readonly #options: AppOptions
  readonly #log: Log
  readonly #place: WindowPlace
  readonly #engine: EngineProcess
  readonly #notifications: Notifications
  #window: BrowserWindow | undefined
  #isListening = false
  #waiting: MainEvent[] = []
  #isQuitting = false

  /** @param folder - of the built app. */
  constructor (folder: string, options: AppOptions) {
    const paths = settlePaths(options)
    this.#folder = folder
    this.#options = options
    this.#log = new Log(paths.log)
    this.#place = new WindowPlace(paths.userData, options.position)
    this.#notifications = new Notifications(() => this.#window, (roomId) => {
      this.#show()
      this.#tell({ type: 'show-room', roomId })
    })
    this.#engine = new EngineProcess(folder, { userDataPath: paths.userData, rendezvousPath: paths.rendezvous, preset: options.preset }, this.#log, {
      connected: (numRestarts) => this.#connect(numRestarts),
      lost: (restartInMs, numRestarts) => this.#tell({ type: 'engine', state: 'restarting', restartInMs, numRestarts }),
      told: (message) => this.#hear(message)
    })
  }

  /** Runs the app, unless one with the same data runs already: that one is shown instead. */
  async run (): Promise<void> {
    if (!app.requestSingleInstanceLock()) {
      app.quit()
      return
    }
    this.#followApp()
    // While Chromium gets ready the engine can begin, but it is Electron that starts it.
    await app.whenReady()
    lockDown()
    serveRenderer(`${this.#folder}/renderer`)
    this.#engine.start()
    serveWindow({
      window: () => this.#window,
      engine: this.#engine,
      notifications: this.#notifications,
      log: this.#log,
      ready: () => this.#listening()
    })
    this.#open()
    followPowerAndNetwork((message) => this.#engine.tell(message))
    const invite = findInvite(process.argv)
    if (invite !== undefined) this.#tell({ type: 'invite', link: invite })
    void followUpdates((event) => this.#tell(event), this.#log)
  }

  #followApp (): void {
    // From source it would take the links away from an installed app.
    if (app.isPackaged) app.setAsDefaultProtocolClient('nwaku-chat')
    app.on('second-instance', (_, argv) => {
      this.#show()
      const link = findInvite(argv)
      if (link !== undefined) this.#tell({ type: 'invite', link })
    })
    app.on('open-url', (event, link) => {
      event.preventDefault()
      this.#show()
      this.#tell({ type: 'invite', link })
    })
    app.on('activate', () => this.#show())
    app.on('window-all-closed', () => { if (process.platform !== 'darwin') app.quit() })
    app.on('before-quit', (event) => {
      if (this.#isQuitting) return
      event.preventDefault()
      this.#isQuitting = true
      void this.#engine.quit().finally(() => app.quit())
    })
  }

  #open (): void {
    this.#isListening = false
    const window = createMainWindow({ folder: this.#folder, profile: this.#options.profile, place: this.#place })
    this.#window = window
    window.webContents.on('did-start-loading', () => { this.#isListening = false })
    window.webContents.on('render-process-gone', (_, { reason }) => {
      this.#log.write('main', `the window's process ended: ${reason}`)
      if (reason !== 'clean-exit' && !window.isDestroyed()) window.reload()
    })
    window.once('closed', () => {
      this.#window = undefined
      this.#isListening = false
    })
  }

  #show (): void {
    if (!app.isReady()) return
    if (this.#window === undefined) this.#open()
    if (this.#window?.isMinimized() === true) this.#window.restore()
    this.#window?.show()
    this.#window?.focus()
  }

  /** The window has been loaded and hears what is told. */
  #listening (): void {
    this.#isListening = true
    this.#connect(this.#engine.numRestarts)
    const waiting = this.#waiting
    this.#waiting = []
    for (const event of waiting) this.#tell(event)
  }

  #connect (numRestarts: number): void {
    const contents = this.#window?.webContents
    if (contents === undefined || !this.#isListening) return
    const port = this.#engine.openPort()
    if (port === undefined) return
    contents.postMessage(channels.enginePort, null, [port])
    this.#tell({ type: 'engine', state: 'connected', restartInMs: null, numRestarts })
  }

  #tell (event: MainEvent): void {
    if (this.#isListening) this.#window?.webContents.send(channels.mainEvent, event)
    // What the engine does is told anew to a window that comes to listen.
    else if (event.type !== 'engine' && this.#waiting.length < maxWaitingEvents) this.#waiting.push(event)
  }

  #hear (message: EngineToMain): void {
    if (message.type === 'notify') this.#notifications.offer(message.roomId, message.nick, message.text)
    if (message.type === 'settings') this.#apply(message.settings)
  }

  #apply ({ notifications, theme }: Settings): void {
    this.#notifications.isEnabled = notifications
    nativeTheme.themeSource = theme === 'auto' ? 'system' : theme
  }
}
