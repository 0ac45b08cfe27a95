import { afterAll, beforeAll, describe } from 'vitest'
import { PostgresArchive } from '../../src/archive/postgres/postgres-archive.js'
import { PostgresServer, postgresMissing } from '../helpers/postgres.js'
import { describeArchive } from './compliance/describe-archive.js'

describe.skipIf(postgresMissing !== undefined)('with a server', () => {
  let server: PostgresServer
  beforeAll(async () => { server = await PostgresServer.start() })
  afterAll(async () => { await server.close() })

  describeArchive({
    name: 'PostgreSQL',
    numModelRuns: 20,
    setup: async () => {
      const connectionString = await server.createDatabase()
      return { create: () => new PostgresArchive({ connectionString }), teardown: () => {} }
    }
  })
})
