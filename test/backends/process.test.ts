import { createNode } from 'nwaku-desktop'
import { describeBackend } from '../compliance/describe-backend.js'

describeBackend({
  name: 'the JS backend in a process of its own',
  createNode: async (options) => await createNode({ host: '127.0.0.1', port: 0, ...options, backend: 'js', isolation: 'process' })
})
