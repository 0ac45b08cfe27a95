import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: resolve(fileURLToPath(import.meta.url), '../..'),
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Apps are measured, and there are few processors: one file at a time.
    fileParallelism: false,
    globalSetup: ['test/helpers/build-when-stale.ts', 'test/helpers/display.ts'],
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 120_000,
    hookTimeout: 60_000
  }
})
