/** Protobuf by hand, apart from the code under test: what is written and read here is what the wire carries. */

/** One field as it stands on the wire. */
export interface WireField {
  readonly id: number
  readonly wireType: number
  /** A varint's number, or the bytes of a length-delimited field. */
  readonly value: bigint | Uint8Array
}

/** Writes a varint. */
export function varint (value: number | bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt(value)
  do {
    const byte = Number(rest & 127n)
    rest >>= 7n
    bytes.push(rest > 0n ? byte | 128 : byte)
  } while (rest > 0n)
  return Uint8Array.from(bytes)
}

/** Writes a varint field. */
export function number (id: number, value: number | bigint): Uint8Array {
  return Buffer.concat([varint(id << 3), varint(value)])
}

/** Writes a length-delimited field: bytes, a text, or a message. */
export function chunk (id: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([varint(id << 3 | 2), varint(bytes.byteLength), bytes])
}

/** Puts the length before a message, as on every stream of Waku. */
export function framed (message: Uint8Array): Uint8Array {
  return Buffer.concat([varint(message.byteLength), message])
}

/** Reads hex as the fixtures have it, with blanks between the fields. */
export function hex (text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
}

/** Splits a message into its fields. Throws on what is not one. */
export function fieldsOf (message: Uint8Array): WireField[] {
  const fields: WireField[] = []
  let at = 0
  const read = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]
      if (byte === undefined) throw new Error('cut off in a varint')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < message.byteLength) {
    const tag = Number(read())
    const wireType = tag & 7
    if (wireType !== 0 && wireType !== 2) throw new Error(`wire type ${wireType}`)
    const first = read()
    if (wireType === 0) {
      fields.push({ id: tag >> 3, wireType, value: first })
      continue
    }
    const value = message.subarray(at, at += Number(first))
    if (BigInt(value.byteLength) < first) throw new Error('cut off in a chunk')
    fields.push({ id: tag >> 3, wireType, value })
  }
  return fields
}

/** Returns the bytes of every length-delimited field of an id. */
export function chunksOf (message: Uint8Array, id: number): Uint8Array[] {
  return fieldsOf(message).filter((field) => field.id === id).map(({ value }) => value).filter((value) => typeof value !== 'bigint')
}

/** Returns the number of the only varint field of an id; undefined when there is none. */
export function numberOf (message: Uint8Array, id: number): bigint | undefined {
  const [field, another] = fieldsOf(message).filter((each) => each.id === id)
  if (another !== undefined) throw new Error(`field ${id} comes more than once`)
  return typeof field?.value === 'bigint' ? field.value : undefined
}
