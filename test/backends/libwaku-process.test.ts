import { createNode } from 'nwaku-desktop'
import { describe, test } from 'vitest'
import { describeBackend } from '../compliance/describe-backend.js'
import { realLibrary } from '../native/helpers/libraries.js'

const { path: libraryPath, skip } = realLibrary()

if (libraryPath === undefined) {
  describe('a node with libwaku in a process of its own', () => { test.skip(`everything (skipped: ${skip})`, () => {}) })
} else {
  describeBackend({
    name: 'libwaku in a process of its own',
    // As it is by default.
    createNode: async (options) => await createNode({ host: '127.0.0.1', port: 0, ...options, backend: 'libwaku', libraryPath })
  })
}
