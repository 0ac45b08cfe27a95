import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createNode, type WakuNode } from 'nwaku-desktop'
import { peerIdFromString } from '@libp2p/peer-id'
import { describe, expect, onTestFinished, test } from 'vitest'
import { expectRejection } from '../helpers/expect-rejection.js'
import { connect, useNodes } from '../helpers/nodes.js'
import { makeTemporaryFolder } from '../helpers/temporary-folder.js'
import { untilEqual } from '../helpers/until.js'

const nodes = useNodes(async (options) => await createNode({ host: '127.0.0.1', ...options }))

const connectedPeers = async (node: WakuNode): Promise<string[]> =>
  (await node.getPeers()).filter(({ state }) => state === 'Connected').map(({ peerId }) => peerId)

describe('a node with a folder for its peers', () => {
  test('finds them again after a restart, and connects by itself', async () => {
    const peerStorePath = temporaryFolder()
    const other = await nodes.start()
    const before = await nodes.start({ peerStorePath })
    await connect(before, other)
    await before.close()
    const after = await nodes.start({ peerStorePath })
    await untilEqual(async () => await connectedPeers(after), [other.peerId])
  })

  test('does so also after a stop and a start of the same node', async () => {
    const other = await nodes.start()
    const node = await nodes.start()
    await connect(node, other)
    await node.stop()
    await node.start()
    await untilEqual(async () => await connectedPeers(node), [other.peerId])
  })

  test.each([
    ['garbage', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['nothing', Buffer.alloc(0)],
    ['addresses that are none', Buffer.concat([Buffer.from([0x0a, 0x06, 0x0a, 0x04]), Buffer.alloc(4, 0xff)])]
  ])('survives files that hold %s, and keeps the others', async (_, bytes) => {
    const peerStorePath = temporaryFolder()
    const [other, lost] = await Promise.all([nodes.start(), nodes.start()])
    const before = await nodes.start({ peerStorePath })
    await Promise.all([connect(before, other), connect(before, lost)])
    await before.close()
    const folder = join(peerStorePath, 'peers')
    const files = await readdir(folder)
    expect(files.length).toBeGreaterThanOrEqual(2)
    await writeFile(join(folder, 'no-peer-id.data'), bytes)
    await writeFile(join(folder, fileOf(lost.peerId, files)), bytes)
    const after = await nodes.start({ peerStorePath })
    await untilEqual(async () => (await connectedPeers(after)).includes(other.peerId), true)
    expect(await readdir(folder)).not.toContain('no-peer-id.data')
  })

  test('that is a file cannot be started, tells why, and can be closed', async () => {
    const peerStorePath = join(temporaryFolder(), 'file')
    await writeFile(peerStorePath, 'not a folder')
    const node = await nodes.create({ peerStorePath: join(peerStorePath, 'below') })
    await expectRejection(node.start(), 'WAKU_INVALID_ARGUMENT', { argument: 'options.peerStorePath' })
    expect(node.status).toBe('created')
    await node.close()
  })
})

/** Makes a folder that goes when the test ends. */
function temporaryFolder (): string {
  const { path, remove } = makeTemporaryFolder()
  onTestFinished(remove)
  return path
}

/** The name of a peer's file: its id as a CID in base32. */
function fileOf (peerId: string, files: readonly string[]): string {
  const name = `${peerIdFromString(peerId).toCID().toString()}.data`
  if (!files.includes(name)) throw new Error(`no ${name}`)
  return name
}
