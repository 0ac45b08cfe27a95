import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: resolve(fileURLToPath(import.meta.url), '../..'),
  test: {
    include: ['test/**/*.test.ts'],
    // One process per file: native state is process-wide, and a crash must fail one file only.
    pool: 'forks',
    globalSetup: ['test/helpers/build-when-stale.ts', 'test/native/helpers/build-native.ts'],
    // The built package as Node loads it, for tests that import it by its name.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 30_000,
    hookTimeout: 60_000
  }
})
