import { invalidArgument } from '../errors.js'
import type { RetentionPolicy } from './archive.js'

const bytesOf: Readonly<Record<string, number>> = { MB: 1024 ** 2, GB: 1024 ** 3 }
const forms = '\'none\', or one or more of \'time:<seconds>\', \'capacity:<messages>\', \'size:<x>MB\' or \'size:<x>GB\', joined by \';\''

/**
 * Reads a retention policy in nwaku's notation, for example `time:172800;size:2GB`; a megabyte has 2^20 bytes.
 *
 * @throws {WakuError} `WAKU_INVALID_ARGUMENT` for `store.retention`.
 */
export function parseRetentionPolicy (text: string): RetentionPolicy {
  const policy: { -readonly [Rule in keyof RetentionPolicy]: RetentionPolicy[Rule] } = {}
  if (text.trim() === 'none') return policy
  for (const part of text.split(';')) {
    const [rule, value] = parseRule(part.trim(), text)
    if (policy[rule] !== undefined) throw invalidArgument('store.retention', `'${text}' has two rules of one kind`)
    policy[rule] = value
  }
  return policy
}

function parseRule (part: string, text: string): [keyof RetentionPolicy, number] {
  const count = /^(time|capacity):(\d{1,15})$/i.exec(part)
  const size = /^size:(\d{1,9}(?:\.\d{1,9})?)(MB|GB)$/i.exec(part)
  const value = Math.floor(count !== null ? Number(count[2]) : Number(size?.[1]) * (bytesOf[size?.[2]?.toUpperCase() ?? ''] ?? NaN))
  if (!(value > 0)) throw invalidArgument('store.retention', `'${text}' must be ${forms}`)
  if (size !== null) return ['maxSizeBytes', value]
  return [count?.[1]?.toLowerCase() === 'time' ? 'maxAgeSeconds' : 'maxMessages', value]
}

/** Tells how many messages too many there are: none until there are 1.3 times as many as the policy wants, as in nwaku. */
export function excessOf ({ maxMessages }: RetentionPolicy, numMessages: number): number {
  if (maxMessages === undefined || numMessages <= maxMessages * 1.3) return 0
  return numMessages - maxMessages
}
