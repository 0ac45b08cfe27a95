// Runs nodes whose backends are in processes of their own: in the main process of Electron, and in one of its utility processes.
// Prints its results in the form of the Test Anything Protocol.
const { join } = require('node:path')
const { app, utilityProcess } = require('electron')
const { backends, exercise } = require('./exercise.cjs')

const deadlineMs = 100_000
let failures = 0

app.whenReady().then(run).catch((error) => tell('runs to its end', error.stack)).finally(() => app.exit(failures === 0 ? 0 : 1))

async function run () {
  console.log(`# Electron ${process.versions.electron}, Node ${process.versions.node}`)
  setTimeout(() => {
    tell(`ends within ${deadlineMs / 1000} s`, 'it does not')
    app.exit(1)
  }, deadlineMs)
  for (const backend of backends) {
    await exercise(backend, hostPids, async (title, test) => {
      tell(`${backend} from the main process: ${title}`, await test().then(() => undefined, (error) => error.message))
    })
  }
  await runUtility()
}

async function runUtility () {
  const child = utilityProcess.fork(join(__dirname, 'utility.cjs'), [], { serviceName: 'node under test', stdio: 'inherit' })
  await new Promise((resolve) => {
    const ended = (code) => {
      tell('the utility process runs to its end', `it ended with code ${code}`)
      resolve()
    }
    child.once('exit', ended)
    child.on('message', ({ title, failure, isDone }) => {
      if (!isDone) return tell(title, failure)
      child.off('exit', ended)
      resolve()
    })
  })
}

/** Ids of the utility processes that host a backend. */
function hostPids () {
  return app.getAppMetrics().filter(({ name }) => name?.startsWith('nwaku-desktop backend')).map(({ pid }) => pid)
}

function tell (title, failure) {
  if (failure === undefined) {
    console.log(`ok ${title}`)
  } else {
    failures++
    console.log(`not ok ${title}: ${failure}`)
  }
}
