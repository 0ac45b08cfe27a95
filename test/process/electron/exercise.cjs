// What is asked of a node whose backend runs in a process of its own, wherever in Electron the node itself is.

const pubsubTopic = '/waku/2/rs/16/32'
const contentTopic = '/nwaku-desktop-test/1/electron/utf8'
const waitMs = 15_000

/** The backends there are to try: JS, and libwaku where `LIBWAKU_PATH` names it. */
exports.backends = process.env.LIBWAKU_PATH ? ['js', 'libwaku'] : ['js']

/**
 * Starts a node, kills its backend's process, and looks what the application sees of that.
 *
 * @param hostPids - lists the processes that host a backend.
 * @param check - runs a test, by title.
 */
exports.exercise = async (backend, hostPids, check) => {
  const { createNode } = await import('../../../dist/index.js')
  const options = { host: '127.0.0.1', clusterId: 16, shards: [32] }
  let node, peer

  await check('starts a node', async () => {
    node = await createNode({ ...options, backend, libraryPath: process.env.LIBWAKU_PATH, isolation: 'process' })
    await node.start()
    equal(node.backend, backend)
    equal(hostPids().length, 1)
  })
  await check('exchanges messages with a peer, their bytes as they were', async () => {
    peer = await createNode({ ...options, backend: 'js', isolation: 'in-process' })
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
    equal(`${exit.reason} ${exit.signal} ${exit.code} ${exit.pid}`, `crash SIGKILL null ${pid}`)
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

/** Publishes a message once the other node is there to take it, and waits until it has arrived. */
async function exchange (from, to) {
  const payload = Uint8Array.from({ length: 1000 }, (_, index) => index % 256)
  await within('the nodes are not in one mesh', async () => (await from.getPeersInMesh(pubsubTopic)).includes(to.peerId))
  const arrived = new Map()
  const off = to.on('message', ({ message, messageHash }) => arrived.set(messageHash, message))
  const hash = await from.publish({ contentTopic, payload }, { pubsubTopic })
  await within('the message has not come', () => arrived.has(hash))
  off()
  equal(Buffer.compare(arrived.get(hash).payload, payload), 0)
}

async function within (failure, holds) {
  const giveUpAt = performance.now() + waitMs
  while (!await holds()) {
    if (performance.now() > giveUpAt) throw new Error(failure)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function equal (actual, expected) {
  if (actual !== expected) throw new Error(`got ${actual}, not ${expected}`)
}
