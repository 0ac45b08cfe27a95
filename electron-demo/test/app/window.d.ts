import type { ChatApi } from '../../src/shared/ipc.js'

declare global {
  interface Window { readonly chat: ChatApi }
}
