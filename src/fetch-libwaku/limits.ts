/** The bounds of a fetch. Tests tighten them. */
export interface Limits {
  /** How long to wait for a connection and for the head of an answer, in milliseconds. */
  readonly answerTimeoutMs: number
  /** Less than `minBytes` within this time, in milliseconds, is a stall. */
  readonly stallTimeoutMs: number
  readonly minBytes: number
  /** How often an address is tried. */
  readonly numAttempts: number
  /** The first wait between two attempts, in milliseconds; each further one is twice as long. */
  readonly retryDelayMs: number
  /** The longest that a server may ask us to wait before it fails, in milliseconds. */
  readonly maxWaitMs: number
  readonly numRedirects: number
  /** Of what the releases API answers. */
  readonly maxAnswerBytes: number
  /** Of an asset. */
  readonly maxAssetBytes: number
  /** Of what an asset unpacks to, the library with all that stands before it. */
  readonly maxUnpackedBytes: number
}

export const defaultLimits: Limits = {
  answerTimeoutMs: 20_000,
  stallTimeoutMs: 20_000,
  minBytes: 8 * 1024,
  numAttempts: 6,
  retryDelayMs: 500,
  maxWaitMs: 60_000,
  numRedirects: 5,
  maxAnswerBytes: 8 * 1024 * 1024,
  maxAssetBytes: 512 * 1024 * 1024,
  maxUnpackedBytes: 1024 * 1024 * 1024
}
