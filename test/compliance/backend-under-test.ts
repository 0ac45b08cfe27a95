import type { Capabilities, NodeOptions, WakuNode } from 'nwaku-desktop'

/** What the suite is run against. */
export interface BackendUnderTest {
  /** For test titles; the suite takes no decision by it. */
  readonly name: string
  /** Makes a node that listens on loopback, on free ports where the options name none. */
  readonly createNode: (options: NodeOptions) => Promise<WakuNode>
}

/** A backend with what its nodes can do. */
export interface ProbedBackend extends BackendUnderTest {
  /** Of a node that relays and has a store. */
  readonly supports: Readonly<Capabilities>
}
