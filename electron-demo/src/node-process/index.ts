import type { EngineArguments, EngineEvent, MainToEngine } from '../shared/ipc.js'
import { toChatError } from './chat-failure.js'
import { diagnosticsOf } from './diagnostics.js'
import { Engine } from './engine.js'
import { parentPort, type WindowPort } from './parent-port.js'
import { makeHandlers } from './requests/handlers.js'
import { serveRequest, type RequestHandlers } from './requests/serve-requests.js'

// The entry of the utility process: wires ports to the engine, and ends with main.

const main = parentPort()
const startedWith = JSON.parse(process.argv[2] ?? '{}') as EngineArguments
const windows = new Set<WindowPort>()
const tellWindows = (event: EngineEvent): void => { for (const port of windows) port.postMessage({ event }) }
const engine = new Engine(startedWith, { toWindows: tellWindows, toMain: (message) => main.postMessage(message) })
const handlers = makeHandlers(engine)

main.on('message', ({ data, ports }) => {
  handle(data, ports).catch((error: unknown) => engine.journal.logger('engine').error('main was not served', { ...toChatError(error) }))
})
// A bug ends the process; main starts another, and nothing that was kept is lost.
process.on('uncaughtException', (error) => {
  console.error(error)
  process.exit(1)
})

// They reach all processes of an app at once, as from a terminal; the engine ends when main says so, or with main.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

begin()

function begin (): void {
  const { preset, numRestarts } = startedWith
  if (engine.settings !== null) main.postMessage({ type: 'settings', settings: engine.settings })
  engine.start(numRestarts)
  if (preset !== null && engine.settings === null) {
    engine.saveSettings(preset.settings)
    for (const room of preset.rooms) engine.join(room)
  }
  main.postMessage({ type: 'ready' })
}

async function handle (message: MainToEngine, ports: readonly WindowPort[]): Promise<void> {
  switch (message.type) {
    case 'window':
      for (const port of ports) connectWindow(port, handlers)
      break
    case 'suspend':
      await engine.slept(false)
      break
    case 'resume':
      await engine.slept(true)
      break
    case 'network':
      await engine.networkChanged(message.online)
      break
    case 'diagnostics':
      main.postMessage({ type: 'diagnostics', seq: message.seq, result: { ok: true, value: await diagnosticsOf(engine) } })
      break
    case 'quit':
      await engine.close()
      main.postMessage({ type: 'quit' })
      process.exit(0)
  }
}

function connectWindow (port: WindowPort, served: RequestHandlers): void {
  port.on('message', ({ data }) => {
    void serveRequest(served, data).then((answer) => { if (answer !== undefined) port.postMessage(answer) })
  })
  port.on('close', () => windows.delete(port))
  windows.add(port)
  port.start()
}
