import { describe, expect, it } from 'vitest'
import { loadSqliteDriver } from '../../src/archive/sqlite/load-driver.js'
import { loadNodeDriver } from '../../src/archive/sqlite/node-driver.js'
import { migrations } from '../../src/archive/sqlite/schema.js'
import { statements } from '../../src/archive/sqlite/statements.js'

const drivers = loadNodeDriver() === undefined ? ['libsql'] as const : ['node:sqlite', 'libsql'] as const

describe.each(drivers)('plans of SQLite by %s', (name) => {
  it.each(Object.entries(statements))('%s neither scans nor sorts messages', async (_statement, sql) => {
    const connection = (await loadSqliteDriver(name)).connect(':memory:')
    for (const migration of migrations) connection.exec(migration)
    const parameters = [...sql.matchAll(/\?/g)].map(() => null)
    const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(parameters).map((row) => String(row.at(-1)))
    connection.close()
    expect(plan.filter((step) => /SCAN (m\b|messages)|TEMP B-TREE|AUTOMATIC/.test(step)), plan.join('\n')).toEqual([])
  })

  it.each(['topicForward', 'topicBackward', 'pubsubForward', 'pubsubBackward'] as const)('%s starts and ends in the index', async (statement) => {
    const connection = (await loadSqliteDriver(name)).connect(':memory:')
    for (const migration of migrations) connection.exec(migration)
    const plan = connection.prepare(`EXPLAIN QUERY PLAN ${statements[statement]}`).all(Array.from({ length: 6 }, () => null))
    connection.close()
    expect(plan).toHaveLength(1)
    expect(plan[0]?.at(-1)).toMatch(/^SEARCH messages USING COVERING INDEX \w+ \(\w+=\? AND \(timestamp,hash\)>\(\?,\?\) AND \(timestamp,hash\)<\(\?,\?\)\)$/)
  })
})
