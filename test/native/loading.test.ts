import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadAddon } from '../../src/backends/libwaku/drivers/addon.js'
import { loadKoffi } from '../../src/backends/libwaku/drivers/koffi.js'
import { loadDriver } from '../../src/backends/libwaku/drivers/load.js'
import { candidates } from '../../src/backends/libwaku/drivers/locate.js'
import { fakeLibrary, root } from './helpers/libraries.js'

describe('loading the native code', () => {
  let folder = ''
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-')) })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('looks among what the package brings and then at what was compiled', () => {
    expect(candidates('addon').at(-1)).toBe(join(root, 'native/build/Release/waku_addon.node'))
    expect(candidates('bridge').at(-1)).toMatch(/native\/build\/Release\/libwaku_bridge\.(so|dylib)$/)
  })

  it('takes the addon first', () => {
    const driver = loadDriver()
    expect(driver.name).toBe('addon')
    driver.close()
  })

  it('takes the next candidate when one fails', () => {
    const broken = join(folder, 'broken.node')
    writeFileSync(broken, 'not an addon')
    expect(loadAddon([broken, ...candidates('addon')]).name).toBe('addon')
  })

  it.each([['addon', loadAddon], ['koffi', loadKoffi]] as const)('of %s ends, when nothing loads, in one error with every attempt and what to do', (_, load) => {
    const absent = join(folder, 'absent.node')
    const broken = join(folder, 'broken.node')
    writeFileSync(broken, 'not native code')
    const attempts = [{ path: absent, reason: 'there is no such file' }, { path: broken, reason: expect.stringContaining('too short') as string }]
    expect(() => load([absent, broken])).toThrow(expect.objectContaining({ code: 'WAKU_UNAVAILABLE', details: { attempts } }))
    expect(() => load([absent, broken])).toThrow(/npm run build:native/)
  })

  it('through koffi opens the bridge, and never the library itself', () => {
    expect(() => loadKoffi([fakeLibrary('a')])).toThrow(expect.objectContaining({ code: 'WAKU_UNAVAILABLE' }))
    const source = readFileSync(join(root, 'src/backends/libwaku/drivers/koffi.ts'), 'utf8')
    const called = [...source.matchAll(/\.func\('(\w+)'/g)].map(([, name]) => name ?? '')
    expect(called.length).toBeGreaterThan(0)
    expect(called.filter((name) => !name.startsWith('wb_'))).toEqual([])
    expect(source.match(/koffi\.load\(/g)).toHaveLength(1)
  })
})

describe('a closed driver', () => {
  it.each(['addon', 'koffi'] as const)('of %s refuses everything and keeps nothing waiting', async (door) => {
    const driver = loadDriver([door])
    await driver.open(fakeLibrary('a'))
    const context = await driver.create('{}')
    const call = expect(context.call('waku_relay_subscribe', ['fake:silent'])).rejects.toMatchObject({ code: 'WAKU_CLOSED' })
    driver.close()
    driver.close()
    await call
    await expect(driver.open(fakeLibrary('a'))).rejects.toMatchObject({ code: 'WAKU_CLOSED' })
    await expect(driver.create('{}')).rejects.toMatchObject({ code: 'WAKU_CLOSED' })
    await expect(context.call('waku_version')).rejects.toMatchObject({ code: 'WAKU_CLOSED' })
    await expect(context.destroy()).rejects.toMatchObject({ code: 'WAKU_CLOSED' })
    expect(context.stats().openCalls).toBe(0)
  })

  it.each(['addon', 'koffi'] as const)('of %s leaves another driver alone', async (door) => {
    const [closing, staying] = [loadDriver([door]), loadDriver([door])]
    await staying.open(fakeLibrary('a'))
    const context = await staying.create('{}')
    closing.close()
    await expect(context.call('waku_relay_subscribe', ['fake:sync'])).resolves.toMatchObject({ code: 0 })
    staying.close()
  })
})
