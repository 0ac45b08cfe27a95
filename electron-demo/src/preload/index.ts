import { contextBridge, ipcRenderer } from 'electron'
import { channels, type AppEvent, type AppInfo, type ChatApi, type MainEvent, type MainRequests, type Result } from '../shared/ipc.js'
import { EngineConnection } from './engine-connection.js'

// All that the window can do. Nothing of Electron or Node goes through.

const listeners = new Set<(event: AppEvent) => void>()
const tell = (event: AppEvent): void => { for (const listener of [...listeners]) listener(event) }
const engine = new EngineConnection(tell)

ipcRenderer.on(channels.enginePort, ({ ports }) => {
  const [port] = ports
  if (port !== undefined) engine.connect(port)
})
ipcRenderer.on(channels.mainEvent, (_, event: MainEvent) => {
  if (event.type === 'engine' && event.state === 'restarting') engine.disconnect()
  tell(event)
})

const ask = async <K extends keyof MainRequests> (name: K, params: MainRequests[K]['params']): Promise<Result<MainRequests[K]['value']>> =>
  await (ipcRenderer.invoke(channels[name], params) as Promise<Result<MainRequests[K]['value']>>)

const api: ChatApi = {
  request: async (method, params) => await engine.request(method, params),
  subscribe: (listener) => {
    listeners.add(listener)
    if (listeners.size === 1) void ipcRenderer.invoke(channels.ready)
    return () => { listeners.delete(listener) }
  },
  openLink: async (url) => await ask('openLink', { url }),
  copyText: async (text) => await ask('copyText', { text }),
  exportDiagnostics: async () => await ask('exportDiagnostics', null),
  killEngine: async () => await ask('killEngine', null),
  setBadge: async (count) => await ask('setBadge', { count }),
  setFocusedRoom: async (roomId) => await ask('setFocusedRoom', { roomId }),
  app: readAppInfo()
}

contextBridge.exposeInMainWorld('chat', api)

function readAppInfo (): AppInfo {
  const prefix = '--app-info='
  const argument = process.argv.find((arg) => arg.startsWith(prefix)) ?? `${prefix}%7B%7D`
  return JSON.parse(decodeURIComponent(argument.slice(prefix.length))) as AppInfo
}
