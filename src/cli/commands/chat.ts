import { startChatNode } from '../chat/chat-node.js'
import { invitationTo } from '../chat/invitation.js'
import { randomNickname } from '../chat/nicknames.js'
import { ChatSession } from '../chat/session.js'
import { Terminal } from '../chat/terminal.js'
import type { CommandContext } from '../context.js'
import { exitCodes } from '../exit-codes.js'
import { checkName, type ChatOptions } from '../options.js'

/** Runs a chat until the person leaves, the input ends, or a signal comes; each of these is a good end. */
export async function chat (options: ChatOptions, { output, signal }: CommandContext): Promise<number> {
  const node = await startChatNode(options, output, signal)
  try {
    const addresses = await node.getListenAddresses()
    if (options.listen) output.data(`${invitationTo(addresses, options.room)}\n`, { type: 'listening', addresses, peerId: node.peerId })
    const terminal = new Terminal(output, signal)
    try {
      const nick = options.nick ?? await askForName(terminal)
      const session = new ChatSession({ node, output, terminal, nick, signal, connect: options.connect, room: options.room })
      await session.begin()
      for await (const line of terminal.lines()) {
        if (signal.aborted || !await session.handle(line)) break
      }
    } finally {
      terminal.close()
    }
    output.note('* you have left')
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await node.close()
  }
  return exitCodes.ok
}

async function askForName (terminal: Terminal): Promise<string> {
  const suggested = randomNickname()
  if (!terminal.isInteractive) return suggested
  const answer = await terminal.ask(`Your name [${suggested}]: `)
  return answer.trim() === '' ? suggested : checkName('your name', answer)
}
