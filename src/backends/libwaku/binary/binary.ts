/** What the headers of a native file say. */
export interface Binary {
  readonly format: 'ELF' | 'Mach-O'
  /** As in `process.arch`, or a number in hex; universal files have several. */
  readonly architectures: readonly string[]
  /** Whether it is a shared library; programs and object files are not. */
  readonly isLibrary: boolean
  /** The name that the library gives itself (soname, install name). */
  readonly soname: string | undefined
}

/** Reads bytes of a file; fewer than asked for only at its end. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>
