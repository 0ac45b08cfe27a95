/** A call of a function of the library, as `wb_context_call` takes it. */
export interface PackedCall {
  readonly id: number
  readonly context: number
  readonly name: string
  readonly args: Buffer
}

// Each call: f64 id, f64 context, u32 length of the name, u32 length of the arguments, name, arguments; little-endian.
const header = 24

const firstCapacity = 64 * 1024

/** Calls on their way, one behind the other in one piece of memory: an object for each would cost more than what is in it. */
export class CallPacker {
  #bytes = Buffer.allocUnsafe(firstCapacity)
  #size = 0

  get isEmpty (): boolean { return this.#size === 0 }

  /** Adds a call. */
  add ({ id, context, name, args }: PackedCall): void {
    // A name is ASCII.
    const size = header + name.length + args.byteLength
    if (this.#size + size > this.#bytes.byteLength) this.#grow(this.#size + size)
    let at = this.#bytes.writeDoubleLE(id, this.#size)
    at = this.#bytes.writeDoubleLE(context, at)
    at = this.#bytes.writeUInt32LE(name.length, at)
    at = this.#bytes.writeUInt32LE(args.byteLength, at)
    at += this.#bytes.write(name, at, 'latin1')
    this.#bytes.set(args, at)
    this.#size += size
  }

  /** Takes all that were added, in memory of their own. */
  take (): Uint8Array {
    const bytes = new Uint8Array(this.#bytes.subarray(0, this.#size))
    this.#size = 0
    return bytes
  }

  #grow (capacity: number): void {
    const larger = Buffer.allocUnsafe(Math.max(capacity, 2 * this.#bytes.byteLength))
    larger.set(this.#bytes.subarray(0, this.#size))
    this.#bytes = larger
  }
}

/** Reads packed calls; the arguments stay where they are. */
export function * unpackCalls (packed: Uint8Array): Generator<PackedCall> {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  for (let at = 0; at < bytes.byteLength;) {
    const nameAt = at + header
    const argsAt = nameAt + bytes.readUInt32LE(at + 16)
    const end = argsAt + bytes.readUInt32LE(at + 20)
    yield { id: bytes.readDoubleLE(at), context: bytes.readDoubleLE(at + 8), name: bytes.toString('latin1', nameAt, argsAt), args: bytes.subarray(argsAt, end) }
    at = end
  }
}
