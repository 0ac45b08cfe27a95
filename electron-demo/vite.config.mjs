import { fileURLToPath } from 'node:url'
import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

/** The renderer. The other processes are built by scripts/build.mjs. */
export default defineConfig({
  root: at('src/renderer'),
  base: './',
  plugins: [preact()],
  build: {
    outDir: at('out/renderer'),
    emptyOutDir: true,
    target: 'chrome114',
    // The policy allows files of the app only.
    assetsInlineLimit: 0,
    modulePreload: false
  }
})
