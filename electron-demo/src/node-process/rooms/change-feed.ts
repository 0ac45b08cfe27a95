import { changeIntervalMs, limits, type ChatMessage, type RoomChange } from '../../shared/ipc.js'

/** What a room is like after a change. */
export type RoomFigures = Pick<RoomChange, 'revision' | 'count' | 'unread' | 'firstUnreadIndex' | 'lastMessage'>

interface Gathered {
  appended: ChatMessage[]
  numAppended: number
  numPrepended: number
  isReordered: boolean
  readonly updated: Map<number, ChatMessage>
}

/** Gathers what changes in rooms and tells it about once a frame, so that a flood of messages is no flood of events. */
export class ChangeFeed {
  readonly #gathered = new Map<string, Gathered>()
  readonly #figuresOf: (roomId: string) => RoomFigures | undefined
  readonly #tell: (changes: readonly RoomChange[]) => void
  #timer: NodeJS.Timeout | undefined
  #toldAt = 0

  constructor (figuresOf: (roomId: string) => RoomFigures | undefined, tell: (changes: readonly RoomChange[]) => void) {
    this.#figuresOf = figuresOf
    this.#tell = tell
  }

  /** A message came at the end of its room. */
  appended (message: ChatMessage): void {
    const gathered = this.#of(message.roomId)
    gathered.numAppended++
    gathered.appended.push(message)
    if (gathered.appended.length > limits.windowSize * 2) gathered.appended = gathered.appended.slice(-limits.windowSize)
  }

  prepended (roomId: string): void {
    this.#of(roomId).numPrepended++
  }

  reordered (roomId: string): void {
    this.#of(roomId).isReordered = true
  }

  /** A message has another state. */
  updated (message: ChatMessage): void {
    const { appended, updated } = this.#of(message.roomId)
    const index = appended.findLastIndex(({ id }) => id === message.id)
    if (index === -1) updated.set(message.id, message)
    else appended[index] = message
  }

  /** Something else changed, as how much is unread. */
  touched (roomId: string): void {
    this.#of(roomId)
  }

  /** Forgets a room that was left. */
  forget (roomId: string): void {
    this.#gathered.delete(roomId)
  }

  /** Tells what there is to tell now: before something is answered that holds it already. */
  flush (): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#gathered.size === 0) return
    this.#toldAt = performance.now()
    const changes = [...this.#gathered].flatMap(([roomId, { appended, updated, ...rest }]) => {
      const figures = this.#figuresOf(roomId)
      return figures === undefined ? [] : [{ roomId, ...figures, ...rest, appended: appended.slice(-limits.windowSize), updated: [...updated.values()] }]
    })
    this.#gathered.clear()
    if (changes.length > 0) this.#tell(changes)
  }

  #of (roomId: string): Gathered {
    let gathered = this.#gathered.get(roomId)
    if (gathered === undefined) this.#gathered.set(roomId, gathered = { appended: [], numAppended: 0, numPrepended: 0, isReordered: false, updated: new Map() })
    // The first change after a pause goes out at the end of the turn.
    this.#timer ??= setTimeout(() => this.flush(), Math.max(0, this.#toldAt + changeIntervalMs - performance.now()))
    return gathered
  }
}
