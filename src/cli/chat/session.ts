import { isWakuError, protocolIds, type WakuNode } from '../../index.js'
import { suggestion } from '../nearest.js'
import { checkName, checkRoom } from '../options.js'
import type { Output } from '../output.js'
import { printable } from '../printable.js'
import { until } from '../until.js'
import { UsageError } from '../usage-error.js'
import { maxTextLength } from './chat-message.js'
import { clockTime } from './clock.js'
import { Room, type RoomMessage } from './room.js'
import type { Terminal } from './terminal.js'

/** What a session needs. */
export interface SessionParts {
  readonly node: WakuNode
  readonly output: Output
  readonly terminal: Terminal
  /** Multiaddrs of the nodes to connect to, which are asked for history too. */
  readonly connect: readonly string[]
  readonly nick: string
  readonly room: string
  readonly signal: AbortSignal
}

interface ChatCommand {
  readonly usage: string
  readonly about: string
  /** Returns false to leave the chat. */
  run (argument: string): Promise<boolean | void>
}

/** How long the first connections may take to carry messages before the prompt is shown all the same, in milliseconds. */
const joinTimeoutMs = 5000

/** One person's time in the chat: who they are, which room they are in, and what they type. */
export class ChatSession {
  readonly #parts: SessionParts
  #nick: string
  #room: Room
  /** The last look into the history; they come one after another. */
  #history: Promise<unknown> = Promise.resolve()

  readonly #commands: Readonly<Record<string, ChatCommand>> = {
    help: { usage: '/help', about: 'shows this', run: async () => this.#help() },
    peers: { usage: '/peers', about: 'lists the nodes this one is connected to', run: async () => await this.#peers() },
    nick: { usage: '/nick <name>', about: 'changes your name', run: async (argument) => this.#rename(argument) },
    room: { usage: '/room <name>', about: 'goes to another room', run: async (argument) => await this.#move(argument) },
    quit: { usage: '/quit', about: 'leaves the chat, as do Ctrl-C and Ctrl-D', run: async () => false }
  }

  constructor (parts: SessionParts) {
    this.#parts = parts
    this.#nick = parts.nick
    this.#room = this.#makeRoom(parts.room)
  }

  /** Connects, joins the first room and shows its history. */
  async begin (): Promise<void> {
    const { node, output, connect, terminal } = this.#parts
    terminal.setPrompt(`${this.#nick}> `)
    await this.#room.join()
    node.on('peer:disconnect', ({ peerId, reason }) => output.note(`* ${shortId(peerId)} is gone${reason === undefined ? '' : `: ${reason}`}`))
    node.on('peer:connect', ({ peerId, address }) => output.note(`* connected to ${shortId(peerId)}${address === undefined ? '' : ` at ${address}`}`))
    if (await this.#connect() > 0) await this.#untilHearing()
    output.note(`* you are ${this.#nick} in the room ${this.#room.name}; /help tells what you can do`)
    await this.#showHistory()
    node.on('peer:connect', ({ peerId }) => {
      if (connect.some((address) => address.endsWith(peerId))) this.#catchUp().catch(() => {})
    })
  }

  /** Does what a line says. @returns false when the person leaves. */
  async handle (line: string): Promise<boolean> {
    const text = line.trim()
    if (text === '') return true
    if (!text.startsWith('/')) {
      await this.#say(text)
      return true
    }
    const [name = '', ...rest] = text.slice(1).split(/\s+/)
    try {
      if (!Object.hasOwn(this.#commands, name)) throw new UsageError(`there is no /${printable(name)}: ${suggestion(`/${name}`, Object.keys(this.#commands).map((known) => `/${known}`))}`)
      return await this.#commands[name]?.run(rest.join(' ')) !== false
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      this.#parts.output.note(`! ${error.message}`)
      return true
    }
  }

  /** Connects to the given nodes. @returns how many were reached; the node goes on trying with the others. */
  async #connect (): Promise<number> {
    const { node, output, connect, signal } = this.#parts
    const reached = await Promise.all(connect.map(async (address) => {
      try {
        await node.dial(address, { signal })
        return true
      } catch (error) {
        if (isWakuError(error, 'WAKU_ABORTED')) throw error
        const reason = isWakuError(error, 'WAKU_PEER_UNREACHABLE') ? error.details.reason : String(error)
        output.note(`! cannot reach ${address} yet: ${printable(reason)}. Trying again and again.`)
        return false
      }
    }))
    return reached.filter(Boolean).length
  }

  async #say (text: string): Promise<void> {
    const { output, signal, terminal } = this.#parts
    const message = { nick: this.#nick, text: printable(text) }
    try {
      if (message.text.length > maxTextLength) throw new UsageError(`a message has at most ${maxTextLength} characters`)
      const messageHash = await this.#room.say(message, signal)
      const timestamp = BigInt(Date.now()) * 1_000_000n
      // On a terminal the line stands where it was typed.
      if (!terminal.isInteractive) output.data(`[${clockTime(timestamp)}] ${message.nick}: ${message.text}`, { type: 'sent', ...message, messageHash })
    } catch (error) {
      if (isWakuError(error, 'WAKU_ABORTED')) return
      const reason = await this.#whyNotSent(error)
      output.note(`! not sent: ${reason}${terminal.isInteractive ? '. Press the up arrow to try again.' : ''}`)
    }
  }

  async #whyNotSent (error: unknown): Promise<string> {
    if (isWakuError(error, 'WAKU_NO_PEERS')) {
      return this.#parts.node.getConnectionStatus() === 'Disconnected' ? 'nobody is connected' : 'nobody who is connected takes messages yet'
    }
    return printable(error instanceof Error ? error.message : String(error))
  }

  #help (): void {
    const lines = Object.values(this.#commands).map(({ usage, about }) => `  ${usage.padEnd(14)} ${about}`)
    this.#parts.output.note(['Anything that does not start with a slash is said to the room.', ...lines].join('\n'))
  }

  async #peers (): Promise<void> {
    const { node, output } = this.#parts
    const peers = (await node.getPeers()).filter(({ state }) => state === 'Connected')
    const mesh = await node.getPeersInMesh(this.#room.pubsubTopic)
    const lines = peers.map(({ peerId, addresses, agent, protocols }) => {
      const does = [mesh.includes(peerId) ? 'in the mesh' : 'connected', ...(protocols.includes(protocolIds.store) ? ['keeps history'] : [])]
      return `  ${shortId(peerId)}  ${addresses[0] ?? 'unknown address'}  ${printable(agent ?? 'unknown software')}, ${does.join(', ')}`
    })
    output.data([`connected nodes: ${peers.length}`, ...lines].join('\n'), {
      type: 'peers',
      peers: peers.map(({ peerId, addresses, agent }) => ({ peerId, addresses, agent, isInMesh: mesh.includes(peerId) }))
    })
  }

  #rename (argument: string): void {
    this.#nick = checkName('/nick', argument)
    this.#parts.terminal.setPrompt(`${this.#nick}> `)
    this.#parts.output.note(`* you are ${this.#nick} from now on`)
  }

  async #move (argument: string): Promise<void> {
    const next = this.#makeRoom(checkRoom('/room', argument))
    const previous = this.#room
    this.#room = next
    await next.join()
    await previous.leave()
    this.#parts.output.note(`* you are in the room ${next.name}`)
    await this.#showHistory()
  }

  #makeRoom (name: string): Room {
    return new Room(this.#parts.node, name, (message) => this.#show(message))
  }

  #show ({ nick, text, timestamp, messageHash, isHistory }: RoomMessage): void {
    this.#parts.output.data(`[${clockTime(timestamp)}] ${nick}: ${text}`, { type: 'message', room: this.#room.name, nick, text, timestamp, messageHash, isHistory })
  }

  async #showHistory (): Promise<void> {
    const room = this.#room
    const next = this.#history.then(async () => {
      const stores = this.#stores()
      const count = await room.showHistory(stores, this.#parts.signal)
      if (count === undefined) this.#parts.output.note('* no history: none of the nodes here keeps any')
      else if (count > 0) this.#parts.output.note(`* ${count === 1 ? 'the line above was' : `the ${count} lines above were`} said before`)
    })
    this.#history = next.catch(() => {})
    await next
  }

  /** Where to look for history: in this node's own store if it keeps one, else with those it was told to connect to. */
  #stores (): readonly string[] {
    const { node, connect } = this.#parts
    return [...connect, ...(node.supports.ownStore ? [node.peerId] : [])]
  }

  /** Fetches what was said while the way to a store was cut, and until others send to this node again. */
  async #catchUp (): Promise<void> {
    await this.#untilHearing()
    await this.#showHistory()
  }

  async #untilHearing (): Promise<void> {
    const { node, signal } = this.#parts
    await until(async () => (await node.getPeersInMesh(this.#room.pubsubTopic)).length > 0 || undefined, joinTimeoutMs, signal)
  }
}

// Peer ids of one kind all begin alike.
function shortId (peerId: string): string {
  return `…${peerId.slice(-8)}`
}
