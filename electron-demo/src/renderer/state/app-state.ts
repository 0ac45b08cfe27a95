import { computed, signal, type Signal } from '@preact/signals'
import type { EventEntry, Invite, LogLine, NodeState, Room, Settings } from '../../shared/ipc.js'

/** What covers the window and wants an answer. */
export type Dialog =
  | { readonly kind: 'join' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'leave', readonly roomId: string }
  | { readonly kind: 'invite', readonly link: string, readonly invite: Invite }

/** Undefined before the first snapshot; null before the first run is done. */
export const settings = signal<Settings | null | undefined>(undefined)
export const suggestedNickname = signal('')
/** Undefined before the first snapshot. */
export const node = signal<NodeState | undefined>(undefined)
/** False while another engine is on its way. */
export const isEngineThere = signal(true)

/** Each room has a signal of its own, so that a message renders one line of the list. */
export const rooms = signal<ReadonlyMap<string, Signal<Room>>>(new Map())
/** In the order of the list: by name, which stays calm while messages come. */
export const roomIds = computed(() => [...rooms.value.keys()].sort((a, b) => a.localeCompare(b)))
/** The room on screen. */
export const openRoomId = signal<string | null>(null)
export const openRoom = computed(() => openRoomId.value === null ? undefined : rooms.value.get(openRoomId.value))
export const numUnread = computed(() => [...rooms.value.values()].reduce((sum, room) => sum + room.value.unread, 0))

export const dialog = signal<Dialog | null>(null)
export const isPanelOpen = signal(false)
/** On narrow windows the list of rooms covers the conversation. */
export const isSidebarOpen = signal(false)

/** The newest last; bounded. */
export const events = signal<readonly EventEntry[]>([])
export const logLines = signal<readonly LogLine[]>([])
