import { app } from 'electron'
import { ChatApp } from './chat-app.js'
import { readOptions } from './options.js'
import { registerRendererScheme } from './renderer-protocol.js'

app.setName('Nwaku Chat')
registerRendererScheme()
// The bundle is CommonJS, which every release of Electron starts.
new ChatApp(__dirname, readOptions(process.argv)).run().catch((error: unknown) => {
  console.error(error)
  app.exit(1)
})
