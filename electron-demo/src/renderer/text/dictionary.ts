import type { en } from './en.js'

/** Texts stay texts, whatever they say; functions keep their parameters. */
type Translated<T> = T extends string ? string
  : T extends (...args: infer A) => string ? (...args: A) => string
    : { readonly [K in keyof T]: Translated<T[K]> }

/** What every language has to say. A key that is missing, or one too many, is a type error. */
export type Dictionary = Translated<typeof en>
