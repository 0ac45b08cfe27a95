// Runs a node's backend in a utility process of Electron, kills it, and looks what the application sees of that.
// Prints its results in the form of the Test Anything Protocol.
const { app } = require('electron')

const deadlineMs = 60_000
const pubsubTopic = '/waku/2/rs/16/32'
const contentTopic = '/nwaku-desktop-test/1/electron/utf8'
let failures = 0

app.whenReady().then(run).catch((error) => {
  failures++
  console.log(`not ok runs to its end: ${error.stack}`)
}).finally(() => app.exit(failures === 0 ? 0 : 1))

async function run () {
  console.log(`# Electron ${process.versions.electron}, Node ${process.versions.node}`)
  setTimeout(() => {
    console.log(`not ok ends within ${deadlineMs / 1000} s`)
    app.exit(1)
  }, deadlineMs)
  const { createNode } = await import('../../../dist/index.js')
  const options = { backend: 'js', host: '127.0.0.1', clusterId: 16, shards: [32] }
  let node, peer

  await check('starts a node in a utility process', async () => {
    node = await createNode({ ...options, isolation: 'process' })
    await node.start()
    equal(hostPids().length, 1)
  })
  await check('exchanges messages with a peer, their bytes as they were', async () => {
    peer = await createNode({ ...options, isolation: 'in-process' })
    await peer.start()
    await node.dial((await peer.getListenAddresses())[0])
    await exchange(node, peer)
    await exchange(peer, node)
  })
  await check('tells which signal ended the process, and replaces it', async () => {
    const exited = new Promise((resolve) => node.once('backend:exit', resolve))
    const restarted = new Promise((resolve) => node.once('backend:restart', resolve))
    const [pid] = hostPids()
    process.kill(pid, 'SIGKILL')
    const exit = await exited
    equal(`${exit.reason} ${exit.signal} ${exit.code} ${exit.pid === pid}`, 'crash SIGKILL null true')
    equal((await restarted).pid, hostPids()[0])
    equal(node.status, 'started')
  })
  await check('exchanges messages again', async () => {
    await exchange(node, peer)
    await exchange(peer, node)
  })
  await check('leaves no process behind when it is closed', async () => {
    await node.close()
    await peer.close()
    equal(hostPids().length, 0)
  })
}

/** Ids of the utility processes that host a backend. */
function hostPids () {
  return app.getAppMetrics().filter(({ name }) => name?.startsWith('nwaku-desktop backend')).map(({ pid }) => pid)
}

/** Publishes a message once the other node is there to take it, and waits until it has arrived. */
async function exchange (from, to) {
  const payload = Uint8Array.from({ length: 1000 }, (_, index) => index % 256)
  const giveUpAt = performance.now() + deadlineMs / 4
  while (!(await from.getPeersInMesh(pubsubTopic)).includes(to.peerId)) {
    if (performance.now() > giveUpAt) throw new Error('the nodes are not in one mesh')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const arrived = new Promise((resolve) => to.once('message', resolve))
  const hash = await from.publish({ contentTopic, payload }, { pubsubTopic })
  const { message, messageHash } = await arrived
  equal(messageHash, hash)
  equal(Buffer.compare(message.payload, payload), 0)
}

async function check (title, test) {
  try {
    await test()
    console.log(`ok ${title}`)
  } catch (error) {
    failures++
    console.log(`not ok ${title}: ${error.message}`)
  }
}

function equal (actual, expected) {
  if (actual !== expected) throw new Error(`got ${actual}, not ${expected}`)
}
