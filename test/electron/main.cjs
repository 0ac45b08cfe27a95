// Uses the built package in the main process of Electron, the oldest of which run Node 18: two nodes, a message, a store.
// Prints its results in the form of the Test Anything Protocol.
const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { app } = require('electron')

const deadlineMs = 60_000
const contentTopic = '/nwaku-desktop-test/1/electron/utf8'
const folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-electron-'))
const nodes = []
let failures = 0

app.whenReady().then(run).catch((error) => {
  failures++
  console.log(`not ok runs to its end: ${error.stack}`)
}).finally(() => {
  rmSync(folder, { recursive: true, force: true })
  app.exit(failures === 0 ? 0 : 1)
})

async function run () {
  console.log(`# Electron ${process.versions.electron}, Node ${process.versions.node}`)
  const late = setTimeout(() => {
    console.log(`not ok ends within ${deadlineMs / 1000} s`)
    app.exit(1)
  }, deadlineMs)
  const { createNode } = await import('../../dist/index.js')
  const make = async (options) => {
    const node = await createNode({ host: '127.0.0.1', ...options })
    nodes.push(node)
    return node
  }
  let keeper, asker, hash

  await check('starts a node that keeps a store on disk', async () => {
    keeper = await make({ store: { url: `sqlite://${join(folder, 'store.sqlite3')}` } })
    await keeper.start()
  })
  await check('connects a second node to it', async () => {
    asker = await make({})
    await asker.start()
    await asker.dial((await keeper.getListenAddresses())[0])
  })
  await check('carries a message from one to the other', async () => {
    const arrived = new Promise((resolve) => keeper.once('message', resolve))
    await keeper.subscribe({ contentTopics: [contentTopic] }, () => {})
    hash = await publishWhenPossible(asker, { contentTopic, payload: new TextEncoder().encode('hello from Electron') })
    equal((await arrived).messageHash, hash)
  })
  await check('finds the message in the store', async () => {
    const { messages } = await asker.queryStore({ contentTopics: [contentTopic] }, { peer: keeper.peerId })
    equal(messages.map(({ messageHash }) => messageHash).join(), hash)
  })
  await check('closes both nodes', async () => {
    for (const node of nodes) await node.close()
  })
  clearTimeout(late)
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

/** Publishes once the other node has said what it is subscribed to. */
async function publishWhenPossible (node, message) {
  const giveUpAt = performance.now() + deadlineMs / 2
  for (;;) {
    try {
      return await node.publish(message)
    } catch (error) {
      if (error.code !== 'WAKU_NO_PEERS' || performance.now() > giveUpAt) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function equal (actual, expected) {
  if (actual !== expected) throw new Error(`got ${actual}, not ${expected}`)
}
