import { base58btc } from 'multiformats/bases/base58'

/**
 * Reads a list of peer ids: separated by commas, or, from two functions of C, by accident, as `(data: @[0, 37, …])`, the
 * library's own form of the bytes.
 */
export function readPeerIds (text: string): string[] {
  if (!text.includes('(data:')) return text.split(',').filter((id) => id !== '')
  return Array.from(text.matchAll(/\(data: @\[([\d, ]*)\]\)/g), ([, numbers = '']) =>
    base58btc.baseEncode(Uint8Array.from(numbers.split(','), Number)))
}
