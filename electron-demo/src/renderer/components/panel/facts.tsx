import type { ComponentChildren } from 'preact'

/** A name and what it stands for. */
export type Fact = readonly [name: string, value: ComponentChildren]

/** A table of facts, under a heading where one is needed. */
export function Facts ({ title, facts }: { readonly title?: string, readonly facts: readonly Fact[] }) {
  return (
    <section class='facts'>
      {title !== undefined && <h3>{title}</h3>}
      <dl>
        {facts.map(([name, value]) => <div key={name} class='fact'><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
    </section>
  )
}
