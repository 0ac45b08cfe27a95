import { hueOf, initialsOf } from '../../message/hue-of.js'

/** The letters of a name on its colour. */
export function Avatar ({ nick, size = 'normal' }: { readonly nick: string, readonly size?: 'normal' | 'small' }) {
  return <span class={`avatar ${size} hue-${hueOf(nick)}`} aria-hidden='true'>{initialsOf(nick)}</span>
}
