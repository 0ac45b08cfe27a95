import { writeFile } from 'node:fs/promises'
import { arch, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { app, dialog, type BrowserWindow } from 'electron'
import type { EngineProcess } from './engine-process.js'
import type { Log } from './log.js'

/** Keys and tokens have this form; none belongs into a bundle, and what should not be there is taken out once more. */
const secret = /\b[0-9a-f]{64}\b/gi

/** Asks where to, and writes what helps to find a mistake. @returns the path; undefined when the user thinks better of it. */
export async function exportDiagnostics (window: BrowserWindow, engine: EngineProcess, log: Log): Promise<string | undefined> {
  const { filePath, canceled } = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('downloads'), `nwaku-chat-diagnostics-${new Date().toISOString().slice(0, 19).replace(/\D/g, '')}.json`),
    filters: [{ name: 'JSON', extensions: ['json'] }]
  })
  if (canceled || filePath === '') return undefined
  await writeFile(filePath, await makeBundle(engine, log))
  return filePath
}

/** Makes the bundle: versions, the engine's report and the tail of the log, without keys and payloads. */
export async function makeBundle (engine: EngineProcess, log: Log): Promise<string> {
  const bundle = {
    app: { name: app.getName(), version: app.getVersion(), packaged: app.isPackaged, locale: app.getLocale() },
    versions: process.versions,
    system: { platform: process.platform, arch: arch(), release: release(), memoryBytes: totalmem() },
    processes: app.getAppMetrics().map(({ type, name, cpu, memory }) => ({ type, name: name ?? null, cpuPercent: cpu.percentCPUUsage, residentKilobytes: memory.workingSetSize })),
    engine: { numRestarts: engine.numRestarts, ...await engine.diagnostics() },
    log: log.tail
  }
  // Message hashes, which begin with 0x, are no secrets.
  return JSON.stringify(bundle, null, 2).replace(secret, '[removed]')
}
