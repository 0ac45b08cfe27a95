import { describe, test } from 'vitest'
import { createNode } from 'nwaku-desktop'
import { describeBackend } from '../compliance/describe-backend.js'
import { realLibrary } from '../native/helpers/libraries.js'

const { path: libraryPath, skip } = realLibrary()

if (libraryPath === undefined) {
  describe('a node with libwaku', () => { test.skip(`everything (skipped: ${skip})`, () => {}) })
} else {
  describeBackend({
    name: 'libwaku',
    createNode: async (options) => await createNode({ host: '127.0.0.1', port: 0, ...options, backend: 'libwaku', libraryPath, isolation: 'in-process' })
  })
}
