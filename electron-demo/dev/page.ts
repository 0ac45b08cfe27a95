import { FakeChat } from './fake-chat.js'
import { message } from './made-up.js'
import { scenarios } from './scenarios.js'

// A page with the renderer over a made-up engine: ?scenario=full&language=de&theme=dark
const query = new URLSearchParams(location.search)
const language = query.get('language') === 'de' ? 'de' : 'en'
const theme = query.get('theme') === 'dark' ? 'dark' : 'light'
const fake = new FakeChat(scenarios[query.get('scenario') ?? 'full']?.(language) ?? { rooms: [] }, { language, theme })
Object.assign(window, { chat: fake.api, fake, makeMessage: message })
localStorage.clear()
await import('../src/renderer/main.js')

export {}
