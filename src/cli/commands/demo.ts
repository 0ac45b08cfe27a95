import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pubsubTopicOfShard, shardOfContentTopic, type NodeOptions, type WakuNode } from '../../index.js'
import { Narrator } from '../demo/narrator.js'
import { Participant } from '../demo/participant.js'
import { exitCodes } from '../exit-codes.js'
import { invocation } from '../invocation.js'
import { makeLogger } from '../logger.js'
import type { CommandContext } from '../context.js'
import type { CommonOptions } from '../options.js'

const contentTopic = '/nwaku-desktop-demo/1/kitchen/utf8'
const clusterId = 0
const numShardsInCluster = 8
const pubsubTopic = pubsubTopicOfShard(clusterId, shardOfContentTopic(contentTopic, numShardsInCluster))

/**
 * Shows what a node does: three of them on this machine talk, one misses something and catches up from another's store.
 * Leaves no file and no node behind.
 */
export async function demo ({ verbose }: CommonOptions, { output, signal }: CommandContext): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'nwaku-desktop-demo-'))
  const participants: Participant[] = []
  const make = async (name: string, options: NodeOptions): Promise<Participant> => {
    const logger = verbose ? makeLogger(output, name) : undefined
    const participant = await Participant.make(name, contentTopic, { clusterId, numShardsInCluster, logger, ...options })
    participants.push(participant)
    return participant
  }
  try {
    await play(new Narrator(output), make, `sqlite://${join(folder, 'anna.sqlite3')}`, signal)
  } finally {
    await Promise.allSettled(participants.map(async ({ node }) => await node.close()))
    await rm(folder, { recursive: true, force: true })
  }
  return exitCodes.ok
}

async function play (narrator: Narrator, make: (name: string, options: NodeOptions) => Promise<Participant>, storeUrl: string, signal: AbortSignal): Promise<void> {
  narrator.prose('Three Waku nodes on this machine, one conversation. Nothing leaves the machine.\n')
  const anna = await make('Anna', { store: { url: storeUrl } })
  await narrator.step('anna-starts', 'Anna starts a node that keeps messages in a store on disk', async () => await anna.node.start({ signal }))
  narrator.backend(anna.node.backend, await anna.node.getVersion(), reasonOfBackend(anna.node))
  const address = await anna.address()
  narrator.prose(`Anna listens at ${address}\n`)

  const ben = await make('Ben', { staticPeers: [address], storePeers: [address] })
  await narrator.step('ben-starts', 'Ben starts a node', async () => await ben.node.start({ signal }))
  await narrator.step('ben-joins', 'Ben connects to Anna, and their nodes form a mesh', async () => await ben.untilInMeshWith(anna, pubsubTopic, signal))
  await say(narrator, anna, ben, 'Good morning, Ben. Coffee at ten?', signal)
  const last = await say(narrator, ben, anna, 'Ten is good. I bring cake.', signal)

  narrator.prose('')
  await narrator.step('ben-stops', 'Ben stops his node and is away', async () => await ben.node.stop())
  const cleo = await make('Cleo', { staticPeers: [address] })
  await narrator.step('cleo-joins', 'Cleo starts a node and joins Anna', async () => {
    await cleo.node.start({ signal })
    await cleo.untilInMeshWith(anna, pubsubTopic, signal)
  })
  const missed = ['Cleo, will you come as well? Ben brings cake.', 'Gladly! But make it eleven, please.'] as const
  await say(narrator, anna, cleo, missed[0], signal)
  await say(narrator, cleo, anna, missed[1], signal)

  narrator.prose('')
  await narrator.step('ben-returns', 'Ben starts his node again', async () => await ben.node.start({ signal }))
  const found = await narrator.step('ben-catches-up', 'Ben asks Anna\'s store what was said while he was away', async () => await catchUp(ben, last, missed, signal))
  for (const text of found) narrator.found(text)
  // Not in a mesh: nwaku takes a peer that left back into its mesh after a minute only, and sends it what its own user says all the same.
  await narrator.step('ben-rejoins', 'Ben is connected to Anna again', async () => await ben.untilConnectedTo(anna, signal))
  await say(narrator, ben, anna, 'Eleven it is.', signal)

  narrator.prose('')
  narrator.end('All messages arrived, and Ben missed nothing. The whole took')
  narrator.prose(`\nNext: "${invocation} --listen" hosts a chat that other terminals and machines can join.`)
}

/** Why the nodes run on the backend they run on. */
function reasonOfBackend ({ backend, fallback }: WakuNode): string {
  if (backend === 'libwaku') return 'nwaku itself, through its library'
  if (fallback === undefined) return 'pure JavaScript on js-libp2p'
  const [reason = ''] = fallback.message.split('\n')
  return `pure JavaScript on js-libp2p; ${reason.replace(/\. Tried:$/, `: ${invocation} doctor tells more`)}`
}

/** Says something, waits until it has arrived, and returns its timestamp. */
async function say (narrator: Narrator, from: Participant, to: Participant, text: string, signal: AbortSignal): Promise<bigint> {
  const beganAt = performance.now()
  const hash = await from.say(contentTopic, text, signal)
  const { message, at } = await to.untilReached(hash, signal)
  narrator.message(from.name, to.name, text, at - beganAt)
  return message.timestamp
}

/** Reads from the store what came after a timestamp, and checks that it is what was said. */
async function catchUp (participant: Participant, after: bigint, expected: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const texts: string[] = []
  for await (const { message } of participant.node.queryStoreAll({ contentTopics: [contentTopic], timeStart: after + 1n }, { signal })) {
    texts.push(new TextDecoder().decode(message?.payload))
  }
  if (texts.join('\n') !== expected.join('\n')) throw new Error(`the store had ${texts.length} messages, not the ${expected.length} that were sent, in their order`)
  return texts
}
