import { reader, writer } from 'protons-runtime'
import { reasonOf, WakuError } from '../errors.js'

/*
 * Waku needs two things of protobuf that proto3 code generators do not give: zero and empty values are written,
 * because nwaku takes an absent field for a malformed message, and a field with an unexpected wire type is skipped
 * rather than an error. So messages are tables of fields here, over the reader and writer of js-libp2p's runtime.
 */

interface ScalarTypes {
  bytes: Uint8Array
  string: string
  bool: boolean
  uint32: number
  uint64: bigint
  sint64: bigint
}
type Scalar = keyof ScalarTypes
type Kind = Scalar | Schema
type Presence = 'required' | 'optional' | 'repeated'

/** How one field is written and read. */
export interface Field<K extends Kind = Kind, P extends Presence = Presence> {
  readonly id: number
  readonly kind: K
  readonly presence: P
  /** For a repeated field: how many entries are read before the message counts as hostile. */
  readonly maxEntries: number
}
type Fields = Readonly<Record<string, Field>>

/** A message type as a table of its fields, in the order in which they are written. */
export interface Schema<F extends Fields = Fields> {
  readonly name: string
  readonly fields: F
}

type ValueOf<K> = K extends Scalar ? ScalarTypes[K] : K extends Schema<infer F> ? MessageOf<F> : never
type FieldValue<F> = F extends Field<infer K, infer P>
  ? P extends 'required' ? ValueOf<K> : P extends 'optional' ? ValueOf<K> | undefined : ReadonlyArray<ValueOf<K>>
  : never
type MessageOf<F extends Fields> = { readonly [N in keyof F]: FieldValue<F[N]> }

/** The TypeScript type of a schema's messages. */
export type Message<S extends Schema> = S extends Schema<infer F> ? MessageOf<F> : never

/** A field that is always written and must be present. */
export const required = <K extends Kind>(id: number, kind: K): Field<K, 'required'> => ({ id, kind, presence: 'required', maxEntries: 1 })
/** A field that is written unless it is undefined. */
export const optional = <K extends Kind>(id: number, kind: K): Field<K, 'optional'> => ({ id, kind, presence: 'optional', maxEntries: 1 })
/** A list, written unpacked; packed lists of numbers are read too. */
export const repeated = <K extends Kind>(id: number, kind: K, maxEntries: number): Field<K, 'repeated'> => ({ id, kind, presence: 'repeated', maxEntries })
/** Names a table of fields. */
export const schema = <F extends Fields>(name: string, fields: F): Schema<F> => ({ name, fields })

const VARINT = 0
const LENGTH_DELIMITED = 2

const wireType = (kind: Kind): number =>
  kind === 'bytes' || kind === 'string' || typeof kind === 'object' ? LENGTH_DELIMITED : VARINT

type Writer = ReturnType<typeof writer>
type Reader = ReturnType<typeof reader>

/** Encodes a message: every field that is not undefined, in the order of the table. */
export function encode<F extends Fields> (type: Schema<F>, message: MessageOf<F>): Uint8Array {
  return write(type, message, writer()).finish()
}

function write (type: Schema, message: Readonly<Record<string, unknown>>, out: Writer): Writer {
  for (const name in type.fields) {
    const field = type.fields[name] as Field
    const value = message[name]
    if (value === undefined) continue
    for (const entry of field.presence === 'repeated' ? value as unknown[] : [value]) {
      out.uint32(field.id << 3 | wireType(field.kind))
      if (typeof field.kind === 'object') write(field.kind, entry as Record<string, unknown>, out.fork()).ldelim()
      else writeScalar(field.kind, entry, out)
    }
  }
  return out
}

function writeScalar (kind: Scalar, value: unknown, out: Writer): void {
  switch (kind) {
    case 'bytes': out.bytes(value as Uint8Array); break
    case 'string': out.string(value as string); break
    case 'bool': out.bool(value as boolean); break
    case 'uint32': out.uint32(value as number); break
    case 'uint64': out.uint64(value as bigint); break
    case 'sint64': out.uint64(zigZag(value as bigint)); break
  }
}

/**
 * Decodes a message. Unknown fields, and known ones with an unexpected wire type, are skipped; of a field that comes
 * more than once the last counts. Byte fields are views of the input.
 *
 * @throws {WakuError} `WAKU_MALFORMED_REPLY` for anything else: cut off, not UTF-8, a required field missing, a list too long.
 */
export function decode<F extends Fields> (type: Schema<F>, bytes: Uint8Array): MessageOf<F> {
  try {
    return read(type, reader(bytes), bytes.byteLength) as MessageOf<F>
  } catch (error) {
    throw new WakuError('WAKU_MALFORMED_REPLY', `cannot decode ${type.name}: ${reasonOf(error)}`, { operation: `decode ${type.name}` }, { cause: error })
  }
}

function read (type: Schema, input: Reader, end: number): Record<string, unknown> {
  const message: Record<string, unknown> = {}
  const names = namesById(type)
  for (const name in type.fields) if (type.fields[name]?.presence === 'repeated') message[name] = []
  while (input.pos < end) {
    const tag = input.uint32()
    const name = names.get(tag >>> 3)
    if (name === undefined) input.skipType(tag & 7)
    else readField(type.fields[name] as Field, tag & 7, name, message, input)
  }
  if (input.pos !== end) throw new RangeError('a field reaches beyond its message')
  for (const name in type.fields) {
    if (type.fields[name]?.presence === 'required' && message[name] === undefined) throw new RangeError(`${name} is missing`)
  }
  return message
}

function readField (field: Field, foundWireType: number, name: string, message: Record<string, unknown>, input: Reader): void {
  const { kind } = field
  const packed = field.presence === 'repeated' && foundWireType === LENGTH_DELIMITED && wireType(kind) === VARINT
  if (foundWireType !== wireType(kind) && !packed) {
    input.skipType(foundWireType)
    return
  }
  if (field.presence !== 'repeated') {
    message[name] = readValue(kind, input)
    return
  }
  const list = message[name] as unknown[]
  const end = packed ? endOfLengthDelimited(input) : input.pos + 1
  while (input.pos < end) {
    if (list.length >= field.maxEntries) throw new RangeError(`${name} has more than ${field.maxEntries} entries`)
    list.push(readValue(kind, input))
  }
  if (input.pos !== end && packed) throw new RangeError(`an entry of ${name} reaches beyond it`)
}

function readValue (kind: Kind, input: Reader): unknown {
  if (typeof kind === 'object') return read(kind, input, endOfLengthDelimited(input))
  switch (kind) {
    case 'bytes': return input.bytes()
    case 'string': return utf8.decode(input.bytes())
    case 'bool': return input.bool()
    case 'uint32': return input.uint32()
    case 'uint64': return input.uint64()
    case 'sint64': return unZigZag(input.uint64())
  }
}

// Here, because the runtime's own writer drops a carry: multiples of 2^32 from -2^53 down it writes as 2^32 less.
const zigZag = (value: bigint): bigint => BigInt.asUintN(64, value << 1n ^ value >> 63n)
const unZigZag = (value: bigint): bigint => value >> 1n ^ -(value & 1n)

// Fatal: a replaced character would change the hash of the message that the string belongs to.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function endOfLengthDelimited (input: Reader): number {
  const length = input.uint32()
  const end = input.pos + length
  if (end > input.len) throw new RangeError('a length reaches beyond the input')
  return end
}

const nameTables = new WeakMap<Schema, ReadonlyMap<number, string>>()

function namesById (type: Schema): ReadonlyMap<number, string> {
  let names = nameTables.get(type)
  if (names === undefined) {
    names = new Map(Object.entries(type.fields).map(([name, field]) => [field.id, name]))
    nameTables.set(type, names)
  }
  return names
}
