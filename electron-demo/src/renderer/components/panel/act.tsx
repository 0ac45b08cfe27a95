import type { ComponentChildren } from 'preact'

/** Buttons, and what they do in a sentence. */
export function Act ({ hint, children }: { readonly hint: string, readonly children: ComponentChildren }) {
  return (
    <section class='act'>
      <div class='act-buttons'>{children}</div>
      <p class='hint'>{hint}</p>
    </section>
  )
}
