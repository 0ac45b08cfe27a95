/** Tells whether a link may be handed to the system: http and https lead to a browser, anything else might lead to any program. */
export function isSafeLink (link: string): boolean {
  try {
    const { protocol, username, password } = new URL(link)
    return ['http:', 'https:'].includes(protocol) && username === '' && password === '' && link.length <= 4000
  } catch {
    return false
  }
}
