import { fileURLToPath } from 'node:url'
import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

/** The page with the renderer over a made-up engine. */
export default defineConfig({
  root: at('.'),
  base: './',
  plugins: [preact()],
  build: { outDir: at('../out/dev'), emptyOutDir: true, target: 'chrome114', assetsInlineLimit: 0, modulePreload: false }
})
