/** Where log lines go. Fields are structured and carry no payloads and no keys. */
export interface Logger {
  /** A bug. */
  error (message: string, fields?: Readonly<Record<string, unknown>>): void
  /** Degraded service. */
  warn (message: string, fields?: Readonly<Record<string, unknown>>): void
  /** Lifecycle. */
  info (message: string, fields?: Readonly<Record<string, unknown>>): void
  /** Everything else. */
  debug (message: string, fields?: Readonly<Record<string, unknown>>): void
}

/** Options of {@link createNode}. All have defaults; an unknown key is an error that names the nearest known one. */
export interface NodeOptions {
  /** Which implementation runs the node. `auto`, the default, takes libwaku where it loads, else js; `libwaku` never falls back. */
  readonly backend?: 'auto' | 'libwaku' | 'js' | undefined
  /** The file of libwaku; by default `NWAKU_LIBRARY_PATH`, then what `fetch-libwaku` brought, then the system's loader. */
  readonly libraryPath?: string | undefined
  /** Where libwaku, or the JS backend, runs: in a child process, whose crash the application survives, which is the default for libwaku, or in this process. */
  readonly isolation?: 'process' | 'in-process' | undefined
  /** Bounds of that process; without a meaning in this one. */
  readonly process?: ProcessOptions | undefined
  /** secp256k1 private key, 64 hex digits, which is the node's identity. Random by default. Secret. */
  readonly nodeKey?: string | undefined
  /** How the node names its software to peers. */
  readonly agent?: string | undefined
  /** IP address to listen on, `0.0.0.0` by default. */
  readonly host?: string | undefined
  /** TCP port to listen on; 0, the default, takes a free one. */
  readonly port?: number | undefined
  /** Port for WebSocket, which js-waku's browser nodes need; 0 takes a free one. Not listened on by default. */
  readonly websocketPort?: number | undefined
  /** Multiaddrs to tell peers instead of those found by listening. */
  readonly announceAddresses?: readonly string[] | undefined
  /** The cluster, 0 to 65535; 0 by default. 1 is The Waku Network, 16 is Status. Peers of another cluster are dropped. */
  readonly clusterId?: number | undefined
  /** Number of shards over which content topics are spread by autosharding: 8 by default, 0 when `shards` is given (static sharding). */
  readonly numShardsInCluster?: number | undefined
  /** Shards to relay from the start, each 0 to 1023. By default all of autosharding's. */
  readonly shards?: readonly number[] | undefined
  /** Shards whose messages must be signed. */
  readonly protectedShards?: readonly ProtectedShard[] | undefined
  /** Takes part in relay, true by default; false leaves a client of stores. */
  readonly relay?: boolean | undefined
  /** Keeps messages and serves them to others; off by default. */
  readonly store?: StoreServiceOptions | undefined
  /** Multiaddrs, with `/p2p/{peerId}`, of stores to ask; connected to at start. */
  readonly storePeers?: readonly string[] | undefined
  /** Multiaddrs, with `/p2p/{peerId}`, that the node connects to at start and again whenever the connection is lost. */
  readonly staticPeers?: readonly string[] | undefined
  /** Folder in which known peers are kept over restarts; they are dialled at start. In memory only by default. */
  readonly peerStorePath?: string | undefined
  /** The most connections, 50 by default. Beyond it the newest inbound ones are closed again. */
  readonly maxConnections?: number | undefined
  /** The largest message in bytes as encoded on the wire, 153 600 (150 KiB) by default. */
  readonly maxMessageSizeBytes?: number | undefined
  /** How a node behind a router is reached. Each is on by default unless `host` is a loopback address. */
  readonly natTraversal?: NatTraversalOptions | undefined
  /**
   * Has nwaku's library check with the first of `storePeers` what was published and missed, as far as its version does, off by default.
   * It keeps `not-delivered-messages.db` in the working directory. Only with libwaku.
   */
  readonly reliability?: boolean | undefined
  /** Request limits of the services this node offers, over all peers together. */
  readonly rateLimits?: RateLimitOptions | undefined
  /** Receives log lines; silent by default. */
  readonly logger?: Logger | undefined
}

/** Bounds of the child process of `isolation: 'process'`. */
export interface ProcessOptions {
  /** Resident memory in bytes beyond which the process is replaced by a new one; at least 64 MiB, no limit by default. */
  readonly maxMemoryBytes?: number | undefined
  /** How long the process may not answer before it is replaced, in milliseconds: 5 000 by default, at least 500. */
  readonly hangTimeoutMs?: number | undefined
  /** How many messages wait to be published, most of all while there is no process, before `publish` rejects with `WAKU_QUEUE_FULL`; 20 000 by default. */
  readonly maxOutboxMessages?: number | undefined
  /** The same in bytes of payload; 256 MiB by default. */
  readonly maxOutboxBytes?: number | undefined
}

/** A shard on which only messages signed by the holder of a key are relayed. */
export interface ProtectedShard {
  readonly shardId: number
  /** secp256k1 public key, hex, 33 bytes compressed or 65 uncompressed. */
  readonly publicKey: string
  /** The private key, 64 hex digits: with it this node signs what it publishes on the shard. Secret. */
  readonly signingKey?: string | undefined
}

/** Options of the store service. */
export interface StoreServiceOptions {
  /** `sqlite://{path}`, `sqlite://:memory:` (the default) or `postgres://user:password@host:port/database`. */
  readonly url?: string | undefined
  /**
   * What is kept, in nwaku's form: `time:{seconds}`, `capacity:{messages}`, `size:{number}MB` or `GB`, several joined by `;`,
   * or `none` to keep everything. `time:172800`, two days, by default.
   */
  readonly retention?: string | undefined
}

/** Means to be reached from outside. */
export interface NatTraversalOptions {
  /** Asks peers whether the announced addresses can be reached. */
  readonly autonat?: boolean | undefined
  /** Reserves a place on a circuit relay when one is known. */
  readonly circuitRelay?: boolean | undefined
  /** Turns relayed connections into direct ones (DCUtR). */
  readonly holePunching?: boolean | undefined
  /** Asks the router for a port by UPnP. */
  readonly upnp?: boolean | undefined
}

/** Limits in nwaku's form `{volume}/{period}{h|m|s|ms}`, as in `100/1s`, or `none`. */
export interface RateLimitOptions {
  /** Store queries served, `300/1s` by default; beyond it peers get status 429. */
  readonly store?: string | undefined
  /** Metadata exchanges served, `100/1s` by default; beyond it the stream is reset. */
  readonly metadata?: string | undefined
}
