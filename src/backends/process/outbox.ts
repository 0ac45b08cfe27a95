import type { Deadline } from '../../deadline.js'
import { isWakuError, WakuError } from '../../errors.js'
import { copyOfMessage, type MessageHash, type WakuMessage } from '../../message.js'
import { outboxEntry, OutboxLane, type OutboxEntry } from './outbox-lane.js'
import { RecentlyAccepted } from './recently-accepted.js'
import type { HostSession } from './session.js'

/** How long after a restart a message waits for the peers that there were before, in milliseconds. */
const peersGraceMs = 10_000

/** How often it is tried meanwhile, in milliseconds. */
const retryIntervalMs = 100

/** A message with which so many processes ended is not sent again. */
const maxLosses = 3

/** Bounds of an outbox. */
export interface OutboxLimits {
  readonly maxOutboxMessages: number
  readonly maxOutboxBytes: number
}

/**
 * Messages on their way to the backend. Those that a lost process had not answered, or accepted only just now, are sent again by
 * the next: a message and its hash are fixed, so that whoever has got it already takes it for a duplicate.
 */
export class Outbox {
  readonly #limits: OutboxLimits
  readonly #lanes = new Map<string, OutboxLane>()
  readonly #accepted: RecentlyAccepted
  #numMessages = 0
  #numBytes = 0
  #session: HostSession | undefined
  #graceUntil = 0

  /** @param maxUnsentMessages - how many that it has accepted the backend may not have sent yet. */
  constructor (limits: OutboxLimits, maxUnsentMessages: number) {
    this.#limits = limits
    this.#accepted = new RecentlyAccepted(maxUnsentMessages)
  }

  /**
   * Publishes a message, now or once there is a process.
   *
   * @throws {WakuError} `WAKU_QUEUE_FULL`, and what the backend throws.
   */
  publish (message: WakuMessage, pubsubTopic: string, messageHash: MessageHash, deadline: Deadline): Promise<MessageHash> {
    const numBytes = message.payload.byteLength + message.meta.byteLength + message.proof.byteLength
    // Not async: each promise more would cost every message.
    return new Promise((resolve, reject) => {
      if (this.#numMessages >= this.#limits.maxOutboxMessages || this.#numBytes + numBytes > this.#limits.maxOutboxBytes) {
        throw new WakuError('WAKU_QUEUE_FULL', `${this.#numMessages} messages of ${this.#numBytes} bytes wait to be published already`, { queue: 'outbox', limit: this.#limits.maxOutboxMessages })
      }
      this.#numMessages++
      this.#numBytes += numBytes
      let isSettled = false
      const settle = (error?: Error): void => {
        if (isSettled) return
        isSettled = true
        deadline.listen(undefined)
        this.#numMessages--
        this.#numBytes -= numBytes
        if (error === undefined) resolve(messageHash)
        else reject(error)
      }
      const lane = this.#laneOf(pubsubTopic)
      const entry = outboxEntry({ message: copyOfMessage(message), pubsubTopic, messageHash, numBytes }, settle)
      lane.add(entry)
      deadline.listen((reason) => {
        entry.isGivenUp = true
        lane.remove(entry)
        entry.running?.giveUp(reason)
        settle(reason)
      })
      // A burst has the time it takes.
      deadline.follow(() => lane.movedAt)
      this.#pump(lane)
    })
  }

  /** The process is gone: what it had is to be sent again. */
  pause (): void {
    this.#session = undefined
    const accepted = this.#accepted.take()
    for (const { pubsubTopic } of accepted) this.#laneOf(pubsubTopic)
    for (const [pubsubTopic, lane] of this.#lanes) {
      lane.takeBack(accepted.filter((each) => each.pubsubTopic === pubsubTopic).map((each) => outboxEntry(each)))
    }
  }

  /**
   * There is a process.
   *
   * @param hadPeers - whether there were peers before: then messages wait a while for those to come back.
   */
  resume (session: HostSession, hadPeers: boolean): void {
    this.#session = session
    this.#graceUntil = hadPeers ? performance.now() + peersGraceMs : 0
    for (const lane of this.#lanes.values()) {
      // One at a time at first also because one of them may be what ended the process.
      lane.isProbing = true
      this.#pump(lane)
    }
  }

  /** Nothing is to be sent any more; whoever waits has been told. */
  clear (): void {
    this.#session = undefined
    for (const lane of this.#lanes.values()) lane.clear()
    this.#lanes.clear()
    this.#accepted.take()
  }

  #laneOf (pubsubTopic: string): OutboxLane {
    let lane = this.#lanes.get(pubsubTopic)
    if (lane === undefined) this.#lanes.set(pubsubTopic, lane = new OutboxLane(pubsubTopic, performance.now() < this.#graceUntil))
    return lane
  }

  #pump (lane: OutboxLane): void {
    const session = this.#session
    if (session === undefined) return
    for (let entry = lane.next(); entry !== undefined; entry = lane.next()) this.#send(lane, entry, session)
  }

  #send (lane: OutboxLane, entry: OutboxEntry, session: HostSession): void {
    const { message, pubsubTopic, messageHash } = entry
    session.call('publish', [message, pubsubTopic, messageHash], { caller: entry }).then(() => {
      lane.isProbing = false
      lane.settle(entry)
      if (entry.settle !== undefined) this.#accepted.add(entry)
      entry.settle?.()
      this.#goOn(lane)
    }, (error: unknown) => {
      // It stays where it is or where `pause` has put it, unless it may be itself what ends the process.
      if (isWakuError(error, 'WAKU_BACKEND_LOST') && ++entry.numLosses < maxLosses) return
      if (isWakuError(error, 'WAKU_NO_PEERS') && performance.now() < this.#graceUntil) {
        lane.giveBack(entry)
      } else {
        lane.settle(entry)
        lane.remove(entry)
        entry.settle?.(error as Error)
      }
      this.#goOn(lane)
    })
  }

  #goOn (lane: OutboxLane): void {
    if (lane.isBack) this.#waitForPeers(lane)
    else if (lane.isEmpty) this.#lanes.delete(lane.pubsubTopic)
    else this.#pump(lane)
  }

  #waitForPeers (lane: OutboxLane): void {
    lane.takeBack()
    lane.isProbing = true
    lane.isResting = true
    setTimeout(() => {
      lane.isResting = false
      this.#pump(lane)
    }, retryIntervalMs)
  }
}
