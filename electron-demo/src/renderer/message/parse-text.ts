import { LinkifyIt } from 'linkify-it'

/** A piece of a message: plain text, or a link that may be opened. */
export type Segment =
  | { readonly kind: 'text', readonly text: string }
  /** `url` is normalised, with the host in ASCII, so that a look-alike shows. */
  | { readonly kind: 'link', readonly text: string, readonly url: string }

const finder = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, maxLength: 2000 })
for (const schema of ['ftp:', '//', 'mailto:']) finder.add(schema, null)

/** Splits a message's text into plain text and links. Nothing is lost: the texts of all pieces make the text again. */
export function parseText (text: string): readonly Segment[] {
  const segments: Segment[] = []
  let end = 0
  for (const { index, lastIndex, raw, url } of finder.match(text) ?? []) {
    const safe = safeUrl(url)
    if (safe === undefined) continue
    if (index > end) segments.push({ kind: 'text', text: text.slice(end, index) })
    segments.push({ kind: 'link', text: raw, url: safe })
    end = lastIndex
  }
  if (end < text.length || segments.length === 0) segments.push({ kind: 'text', text: text.slice(end) })
  return segments
}

/** Checks an address that somebody else wrote. @returns it normalised; undefined when it is not http or https, or hides its host behind a user name. */
export function safeUrl (address: string): string | undefined {
  try {
    const url = new URL(address)
    const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
    return isWeb && url.username === '' && url.password === '' && url.hostname !== '' ? url.href : undefined
  } catch {
    return undefined
  }
}
