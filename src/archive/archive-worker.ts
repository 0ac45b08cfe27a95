import { parentPort, workerData } from 'node:worker_threads'
import { toArchiveError } from './archive-failure.js'
import { createEngine } from './create-engine.js'
import { redactUrl } from './archive-url.js'
import { unpackMessages } from './packed-messages.js'
import type { PackedMessages } from './packed-messages.js'
import { packPage } from './worker-protocol.js'
import type { ArchiveRequest, ArchiveResponse, ArchiveWorkerData } from './worker-protocol.js'

// The entry of the worker thread of an archive: runs the engine that the URL names and answers WorkerArchive.

if (parentPort === null) throw new Error('archive-worker runs as a worker thread only')
const port = parentPort
const { url, options } = workerData as ArchiveWorkerData
const engine = createEngine(url, options)
const parts = new Map<number, PackedMessages[]>()

port.on('message', (request: ArchiveRequest) => {
  if (request.name === 'insertPart') parts.set(request.seq, [...parts.get(request.seq) ?? [], request.input])
  else answer(request).catch(endThread)
})

async function answer (request: ArchiveRequest): Promise<void> {
  try {
    const { output, transfer = [] } = await run(request)
    port.postMessage({ seq: request.seq, output } satisfies ArchiveResponse, transfer)
  } catch (error) {
    port.postMessage({ seq: request.seq, error: toArchiveError(error, redactUrl(url)).toJSON() } satisfies ArchiveResponse)
  }
  // Nothing else holds the thread: it ends.
  if (request.name === 'close') port.close()
}

// An answer that cannot be sent is a bug; the far side sees the thread fail instead of waiting for ever.
function endThread (error: unknown): void {
  queueMicrotask(() => { throw error })
}

async function run (request: ArchiveRequest): Promise<{ output: unknown, transfer?: ArrayBuffer[] }> {
  switch (request.name) {
    case 'insert': return { output: await engine.insert(takeParts(request.seq, request.input)) }
    case 'query': {
      const { page, transfer } = packPage(await engine.query(request.input))
      return { output: page, transfer }
    }
    case 'has': return { output: await engine.has(request.input) }
    case 'applyRetention': return { output: await engine.applyRetention(request.input) }
    default: return { output: await engine[request.name as 'open' | 'stats' | 'close']() }
  }
}

function takeParts (seq: number, last: PackedMessages) {
  const earlier = parts.get(seq) ?? []
  parts.delete(seq)
  return [...earlier, last].flatMap((part) => unpackMessages(part, { copy: false }))
}
