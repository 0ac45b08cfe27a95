import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Driver } from '../../src/backends/libwaku/drivers/driver.js'
import { doors } from './helpers/doors.js'
import { fakeLibrary } from './helpers/libraries.js'
import { makeNode } from './helpers/nodes.js'

describe.each(['addon', 'koffi'] as const)('a library that %s', (door) => {
  let driver: Driver
  let folder = ''
  beforeAll(() => {
    driver = doors[door]()
    folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-'))
  })
  afterAll(() => {
    driver.close()
    rmSync(folder, { recursive: true })
  })

  const refuses = async (path: string, reason: string | RegExp): Promise<void> => {
    await expect(driver.open(path)).rejects.toMatchObject({
      code: 'WAKU_UNAVAILABLE', details: { attempts: [{ path, reason: expect.stringMatching(reason) as string }] }
    })
  }

  it.each([
    ['unknown', /interface is unknown: not a libwaku/],
    ['c1', /development state of liblogosdelivery/],
    ['c0', /development state of liblogosdelivery/],
    ['b_prime', /lacks relay and store/],
    ['a_and_b', /markers of two generations/],
    ['c_incomplete', /lacks logosdelivery_create_node/]
  ])('finds to be %s is refused with the reason', async (name, reason) => {
    await refuses(fakeLibrary(name), reason)
  })

  it('cannot find is refused with the reason of the system', async () => {
    await refuses(join(folder, 'absent.so'), /cannot load it: .*absent\.so/)
  })

  it('cannot find by its bare name is refused', async () => {
    await refuses('libwaku-absent.so', /cannot load it: .*libwaku-absent\.so/)
  })

  it('finds to be no library at all is refused', async () => {
    const path = join(folder, 'text.so')
    writeFileSync(path, 'not a library')
    await refuses(path, /cannot load it/)
  })

  it('is asked for by an empty path or one with a NUL is refused', async () => {
    await expect(driver.open('')).rejects.toMatchObject({ code: 'WAKU_INVALID_ARGUMENT' })
    await expect(driver.open('/a\0b')).rejects.toMatchObject({ code: 'WAKU_INVALID_ARGUMENT' })
  })

  it('has not opened makes no node', async () => {
    await expect(makeNode(driver)).rejects.toMatchObject({ code: 'WAKU_UNAVAILABLE', details: { attempts: [{ reason: 'no library is open' }] } })
  })
})

describe('after refusals', () => {
  it.each(['addon', 'koffi'] as const)('a good library still opens through %s', async (door) => {
    const driver = doors[door]()
    await expect(driver.open(fakeLibrary('c'))).resolves.toMatchObject({ generation: 'C' })
    driver.close()
  })
})
