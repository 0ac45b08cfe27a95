import './styles/index.css'
import { render } from 'preact'
import type { ChatApi } from '../shared/ipc.js'
import { App } from './components/app.js'
import { listen } from './state/engine.js'
import { load } from './state/load.js'
import { takeEvent } from './state/take-event.js'
import { followState } from './state/window-effects.js'

declare global {
  interface Window { readonly chat: ChatApi }
}

const root = document.getElementById('app')
if (root !== null) {
  followState()
  listen(takeEvent)
  void load()
  render(<App />, root)
}
