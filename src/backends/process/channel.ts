import { connect, type Socket } from 'node:net'
import { deserialize, serialize } from 'node:v8'
import { frameHeader, FrameReader } from './frame-reader.js'

/** Kinds of frames: items, as `v8.serialize` writes them, or bytes in a form of which both ends know. */
const kinds = { items: 0, bytes: 1 } as const

/** What comes by a channel. */
export interface ChannelEvents<Received> {
  /** Of the application's end: the other is there. */
  connected? (): void
  items (items: readonly Received[]): void
  /** The memory is used again. */
  bytes (bytes: Buffer): void
  /** All is written that could not be written at once. */
  drained? (): void
  /** Once: nothing comes or goes any more. @param error - why, unless the other end has ended. */
  closed (error: Error | undefined): void
}

/**
 * One end of the socket between an application and the process of its backend. The channels that child processes come with take
 * new memory and several copies for all that crosses, and Node's is not Electron's.
 */
export class Channel<Received, Sent> {
  readonly #socket: Socket
  readonly #drained: () => void
  #isBehind = false

  private constructor (socket: Socket, events: ChannelEvents<Received>) {
    this.#socket = socket
    this.#drained = () => events.drained?.()
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
    this.#socket.write(body, this.#written)
    this.#socket.uncork()
  }

  /**
   * Sends bytes.
   *
   * @param frame - the bytes, with the first {@link frameHeader} free.
   * @returns whether they are written, and their memory is free again.
   */
  postBytes (frame: Buffer): boolean {
    this.#socket.write(writeHeader(frame, kinds.bytes, frame.byteLength - frameHeader), this.#written)
    this.#isBehind = this.#socket.writableLength > 0
    return !this.#isBehind
  }

  /** Says whether the channel keeps this process alive. */
  setReferenced (referenced: boolean): void {
    if (referenced) this.#socket.ref()
    else this.#socket.unref()
  }

  // Not the event `drain`, which comes only after more than the stream's own limit has waited.
  readonly #written = (): void => {
    if (!this.#isBehind || this.#socket.writableLength > 0) return
    this.#isBehind = false
    this.#drained()
  }

  /** Gives up what has not come yet. */
  close (): void {
    this.#socket.destroy()
  }
}

function readerFor<Received> (events: ChannelEvents<Received>): FrameReader {
  return new FrameReader((kind, body) => {
    if (kind === kinds.bytes) {
      events.bytes(body)
    } else {
      // In memory of its own, of which the bytes in it become parts.
      const own = Buffer.allocUnsafeSlow(body.byteLength)
      own.set(body)
      events.items(deserialize(own) as Received[])
    }
  })
}

function writeHeader (frame: Buffer, kind: number, length: number): Buffer {
  frame.writeUInt32LE(kind, 0)
  frame.writeUInt32LE(length, 4)
  return frame
}
