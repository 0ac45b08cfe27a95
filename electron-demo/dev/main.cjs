'use strict'
// Shows the page with the made-up engine, in a sandboxed window as the app's own.
const { join } = require('node:path')
const { app, BrowserWindow } = require('electron')

app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 820, webPreferences: { sandbox: true, contextIsolation: true } })
  window.loadFile(join(__dirname, '../out/dev/index.html'), { search: process.env.DEV_QUERY ?? '' })
})
