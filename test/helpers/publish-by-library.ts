import { readPublished, type LibraryNode } from '../../src/backends/libwaku/functions.js'
import { Deadline } from '../../src/deadline.js'
import type { WakuMessage } from '../../src/message.js'

/** Hands a message to a node of the library, and waits for the answer. @returns whether there was somebody to send it to. */
export async function publishByLibrary (node: LibraryNode, pubsubTopic: string, message: WakuMessage): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    node.publish(pubsubTopic, message, undefined, new Deadline(), { answered: (reply) => resolve(readPublished(reply)), failed: reject })
  })
}
