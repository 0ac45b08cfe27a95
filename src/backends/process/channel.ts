import { connect, type Socket } from 'node:net'
import { deserialize, serialize } from 'node:v8'
import { frameHeader, FrameReader } from './frame-reader.js'

/**
 * Kinds of frames: items, as `v8.serialize` writes them; bytes in a form of which both ends know; and, in the form of `wb_host_serve` in
 * bridge.h, a ping, its answer, and the end.
 */
const kinds = { items: 0, bytes: 1, ping: 2, pong: 3, end: 4 } as const

const pingBytes = 8
const pongBytes = 20

/** The answer to a ping. */
export interface Pong {
  /** That of the ping. */
  readonly sentAtMs: number
  /** How much memory the process has. */
  readonly residentBytes: number
  /** Whether there are messages that have not been sent yet. */
  readonly isBehind: boolean
}

/** What comes by a channel. */
export interface ChannelEvents<Received> {
  /** Of the application's end: the other is there. */
  connected? (): void
  items? (items: readonly Received[]): void
  /** The memory is used again. */
  bytes? (bytes: Buffer): void
  /** @param sentAtMs - when it was sent, in milliseconds since the Unix epoch. */
  ping? (sentAtMs: number): void
  pong? (pong: Pong): void
  /** The other end wants nothing any more. */
  end? (): void
  /** Once: nothing comes or goes any more. @param error - why, unless the other end has ended. */
  closed (error: Error | undefined): void
}

/**
 * One end of the socket between an application and the process of its backend. The channels that child processes come with take
 * new memory and several copies for all that crosses, and Node's is not Electron's.
 */
export class Channel<Received, Sent> {
  readonly #socket: Socket

  private constructor (socket: Socket, events: ChannelEvents<Received>) {
    this.#socket = socket
    let error: Error | undefined
    socket.on('error', (reason) => { error = reason })
    socket.on('close', () => events.closed(error))
    socket.once('connect', () => events.connected?.())
  }

  /** Opens the application's end; what is sent before the other is there waits. */
  static connect<Received, Sent> (path: string, events: ChannelEvents<Received>): Channel<Received, Sent> {
    const reader = readerFor(events)
    const onread = {
      buffer: () => reader.room(),
      callback: (numBytes: number) => {
        reader.filled(numBytes)
        return true
      }
    }
    return new Channel(connect({ path, onread }), events)
  }

  /** Opens the other end, on a connection that has come. */
  static accept<Received, Sent> (socket: Socket, events: ChannelEvents<Received>): Channel<Received, Sent> {
    const reader = readerFor(events)
    socket.on('data', (chunk: Buffer) => reader.push(chunk))
    return new Channel(socket, events)
  }

  /** Sends items; they are lost if the other end is gone. */
  post (items: readonly Sent[]): void {
    const body = serialize(items)
    this.#socket.cork()
    this.#socket.write(writeHeader(Buffer.allocUnsafe(frameHeader), kinds.items, body.byteLength))
    this.#socket.write(body)
    this.#socket.uncork()
  }

  /**
   * Sends bytes.
   *
   * @param frame - the bytes, with the first {@link frameHeader} free.
   * @returns whether they are written, and their memory is free again.
   */
  postBytes (frame: Buffer): boolean {
    this.#socket.write(writeHeader(frame, kinds.bytes, frame.byteLength - frameHeader))
    return this.#socket.writableLength === 0
  }

  /** Asks for a {@link Pong}. @param sentAtMs - now, in milliseconds since the Unix epoch. */
  ping (sentAtMs: number): void {
    const frame = writeHeader(Buffer.alloc(frameHeader + pingBytes), kinds.ping, pingBytes)
    frame.writeBigUInt64LE(BigInt(sentAtMs), frameHeader)
    this.#socket.write(frame)
  }

  /** Answers a ping. */
  pong ({ sentAtMs, residentBytes, isBehind }: Pong): void {
    const frame = writeHeader(Buffer.alloc(frameHeader + pongBytes), kinds.pong, pongBytes)
    frame.writeBigUInt64LE(BigInt(sentAtMs), frameHeader)
    frame.writeBigUInt64LE(BigInt(residentBytes), frameHeader + 8)
    frame.writeUInt32LE(isBehind ? 1 : 0, frameHeader + 16)
    this.#socket.write(frame)
  }

  /** Says whether the channel keeps this process alive. */
  setReferenced (referenced: boolean): void {
    if (referenced) this.#socket.ref()
    else this.#socket.unref()
  }

  /** Tells the other end that nothing is wanted of it any more. */
  end (): void {
    this.#socket.write(writeHeader(Buffer.alloc(frameHeader), kinds.end, 0))
  }

  /** Gives up what has not come yet. */
  close (): void {
    this.#socket.destroy()
  }
}

function readerFor<Received> (events: ChannelEvents<Received>): FrameReader {
  return new FrameReader((kind, body) => {
    switch (kind) {
      case kinds.items: {
        // In memory of its own, of which the bytes in it become parts.
        const own = Buffer.allocUnsafeSlow(body.byteLength)
        own.set(body)
        events.items?.(deserialize(own) as Received[])
        break
      }
      case kinds.bytes: events.bytes?.(body); break
      case kinds.ping: events.ping?.(Number(body.readBigUInt64LE())); break
      case kinds.pong: events.pong?.(readPong(body)); break
      case kinds.end: events.end?.(); break
      default: throw new Error('a frame of an unknown kind has come')
    }
  })
}

function readPong (body: Buffer): Pong {
  return { sentAtMs: Number(body.readBigUInt64LE()), residentBytes: Number(body.readBigUInt64LE(8)), isBehind: body.readUInt32LE(16) === 1 }
}

function writeHeader (frame: Buffer, kind: number, length: number): Buffer {
  frame.writeUInt32LE(kind, 0)
  frame.writeUInt32LE(length, 4)
  return frame
}
