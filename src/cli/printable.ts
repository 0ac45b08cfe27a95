import { stripVTControlCharacters } from 'node:util'

// Controls, halves of surrogate pairs, line and paragraph separators, and formats such as those that turn the direction of text;
// the two joiners stay, which some scripts and emoji need.
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu

/** Returns a text on one line and without anything that a terminal would obey: what others send is only ever shown. */
export function printable (text: string): string {
  return stripVTControlCharacters(text).replace(/[\r\n\t]+/g, ' ').replace(unprintable, '')
}
