import { loadSqliteDriver } from '../../../src/archive/sqlite/load-driver.js'

// Holds the write lock of a database from when it prints `locked` until its input ends.
const connection = (await loadSqliteDriver('libsql')).connect(process.argv[2] ?? '')
connection.exec('BEGIN IMMEDIATE')
console.log('locked')
process.stdin.resume().on('end', () => {
  connection.exec('ROLLBACK')
  process.exit(0)
})
