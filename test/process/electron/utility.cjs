// A utility process of Electron with a node in it, whose backend runs in a child process of Node's kind.
const { execFileSync } = require('node:child_process')
const { backends, exercise } = require('./exercise.cjs')

run().catch((error) => report({ title: 'runs to its end', failure: error.stack })).finally(() => report({ isDone: true }))

async function run () {
  for (const backend of backends) {
    await exercise(backend, hostPids, async (title, test) => {
      const failure = await test().then(() => undefined, (error) => error.message)
      report({ title: `${backend} from a utility process: ${title}`, failure })
    })
  }
}

function report (result) {
  process.parentPort.postMessage(result)
}

/** Ids of the children of this process. */
function hostPids () {
  try {
    return execFileSync('pgrep', ['-P', `${process.pid}`, '-f', 'host\\.js'], { encoding: 'utf8' }).trim().split('\n').map(Number)
  } catch {
    // There is none.
    return []
  }
}
