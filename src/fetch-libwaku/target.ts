/** What a library is fetched for. */
export interface Target {
  readonly platform: NodeJS.Platform
  readonly arch: string
}
