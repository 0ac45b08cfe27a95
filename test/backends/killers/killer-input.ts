import type { NodeOptions, WakuErrorCode, WakuNode } from 'nwaku-desktop'

/** What inputs do with. */
export interface Bench {
  /** Makes a node with the library; it is closed when the input has been tried. */
  readonly create: (options?: NodeOptions) => Promise<WakuNode>
  /** Makes and starts one. */
  readonly start: (options?: NodeOptions) => Promise<WakuNode>
  /** A path in an empty folder. */
  readonly path: (name: string) => string
}

/** Something that ends, hangs or deceives a process that hands it to the library as it is. */
export interface KillerInput {
  readonly title: string
  /** What is thrown: a code of a `WakuError`; 'nothing' for what is as good as any other input. */
  readonly outcome: WakuErrorCode | 'nothing' | Readonly<Record<'A' | 'B' | 'C', WakuErrorCode | 'nothing'>>
  readonly attempt: (bench: Bench) => Promise<unknown>
}

/** Passes what types do not allow. */
export const untyped = (value: unknown): never => value as never
