import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { makeSocketPath } from '../../src/backends/process/socket-path.js'

describe('the path of a socket', () => {
  afterEach(() => vi.unstubAllEnvs())

  test('is in a folder that nobody else may enter, and which is removed with it', () => {
    const { path, remove } = makeSocketPath()
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
    remove()
    expect(existsSync(dirname(path))).toBe(false)
    remove()
  })

  test('is one that every system takes, also where temporary files have a long path', () => {
    vi.stubEnv('TMPDIR', `/tmp/${'long'.repeat(30)}`)
    const { path, remove } = makeSocketPath()
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(103)
    remove()
  })

  test('is another each time', () => {
    const paths = [makeSocketPath(), makeSocketPath()]
    expect(new Set(paths.map(({ path }) => path)).size).toBe(2)
    for (const { remove } of paths) remove()
  })
})
