import type { Pool, PoolClient } from 'pg'
import { archiveFailed } from '../archive-failure.js'
import { migrationLock, migrations, schemaName } from './schema.js'

const maxConnections = 4
const connectTimeoutMs = 10_000
const statementTimeoutMs = 30_000

/** Makes a pool of connections, none of which is open yet. `pg` is loaded only here: most nodes never need it. */
export async function createPool (connectionString: string, busyTimeoutMs: number): Promise<Pool> {
  const { default: { Pool } } = await import('pg')
  const pool = new Pool({
    connectionString,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: busyTimeoutMs,
    // Beyond the server's own limit, for a server that is silent.
    query_timeout: statementTimeoutMs + connectTimeoutMs,
    keepAlive: true,
    application_name: 'nwaku-desktop'
  })
  // An idle connection that ends is replaced by the next call; without a listener it would end the process.
  pool.on('error', () => {})
  return pool
}

/**
 * Creates the schema of an archive or brings it up to date.
 *
 * @throws {WakuError} `WAKU_ARCHIVE_FAILED` `newer-schema`, before anything is written; also what pg throws.
 */
export async function migrate (client: PoolClient, url: string): Promise<void> {
  await inTransaction(client, async () => {
    // One process at a time; the lock ends with the transaction.
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
    const version = await readVersion(client)
    if (version > migrations.length) {
      throw archiveFailed('newer-schema', url, `has schema version ${version}; this release knows versions up to ${migrations.length}`)
    }
    if (version === migrations.length) return
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schemaName}; SET LOCAL search_path = ${schemaName}`)
    for (const migration of migrations.slice(version)) await client.query(migration)
    await client.query(`
      CREATE TABLE IF NOT EXISTS schema_version (version int NOT NULL);
      DELETE FROM schema_version;
      INSERT INTO schema_version VALUES (${migrations.length})`)
  })
}

async function readVersion (client: PoolClient): Promise<number> {
  const { rows: [found] } = await client.query<{ name: string | null }>('SELECT to_regclass($1) AS name', [`${schemaName}.schema_version`])
  if (found?.name == null) return 0
  const { rows: [row] } = await client.query<{ version: number }>(`SELECT version FROM ${schemaName}.schema_version`)
  return row?.version ?? 0
}

async function inTransaction (client: PoolClient, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  try {
    await work()
    await client.query('COMMIT')
  } catch (error) {
    // Of a connection that is gone the server rolls back by itself.
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
