import { render } from 'preact'
import type { ChatApi } from '../shared/ipc.js'

declare global {
  interface Window { readonly chat: ChatApi }
}

const app = document.getElementById('app')
if (app !== null) render(<p>Nwaku Chat {window.chat.app.version}</p>, app)
