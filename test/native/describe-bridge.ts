import { symlinkSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Driver, DriverContext, OpenLibrary } from '../../src/backends/libwaku/drivers/driver.js'
import { describeAnswers } from './describe-answers.js'
import { describeArguments } from './describe-arguments.js'
import { describeEvents } from './describe-events.js'
import { describeLife } from './describe-life.js'
import { describePacing } from './describe-pacing.js'
import { describePayloads } from './describe-payloads.js'
import { doors } from './helpers/doors.js'
import { fakeLibrary } from './helpers/libraries.js'
import { makeNode } from './helpers/nodes.js'

/** What a part of the suite gets. */
export interface BridgeFixture {
  readonly generation: OpenLibrary['generation']
  readonly driver: () => Driver
  /** Creates a node that is destroyed after the test. */
  readonly node: (...options: Parameters<typeof makeNode> extends [unknown, ...infer Rest] ? Rest : never) => ReturnType<typeof makeNode>
}

/** Describes what the bridge does over the fake library of one generation, through one front door. One per file. */
export function describeBridge (door: Driver['name'], generation: OpenLibrary['generation']): void {
  describe(`the bridge over generation ${generation}, through ${door}`, () => {
    const path = fakeLibrary(generation.toLowerCase())
    let driver: Driver
    let library: OpenLibrary
    const open: DriverContext[] = []

    beforeAll(async () => {
      driver = doors[door]()
      library = await driver.open(path)
    })
    afterEach(async () => {
      await Promise.allSettled(open.splice(0).map(async (context) => context.destroy()))
    })
    afterAll(() => driver.close())

    const fixture: BridgeFixture = {
      generation,
      driver: () => driver,
      node: async (...options) => {
        const made = await makeNode(driver, ...options)
        open.push(made.context)
        return made
      }
    }

    it('tells the generation, the file and the functions of the library', () => {
      expect(library.generation).toBe(generation)
      expect(library.path).toBe(path)
      expect(library.functions).toContain('waku_relay_publish')
      expect(library.functions.has('logosdelivery_send')).toBe(generation === 'C')
    })

    it('opens the same library again, also by a link', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'nwaku-desktop-'))
      const link = join(folder, 'linked.so')
      symlinkSync(path, link)
      await expect(driver.open(path)).resolves.toEqual(library)
      await expect(driver.open(link)).resolves.toEqual(library)
      rmSync(folder, { recursive: true })
    })

    it('refuses a second library, and says which is open', async () => {
      const other = fakeLibrary(generation === 'A' ? 'b' : 'a')
      const refused = driver.open(other)
      await expect(refused).rejects.toMatchObject({ code: 'WAKU_UNAVAILABLE', details: { attempts: [{ path: other }] } })
      await expect(refused).rejects.toThrow(path)
    })

    describeArguments(fixture)
    describeAnswers(fixture)
    describeEvents(fixture)
    describePayloads(fixture)
    describePacing(fixture)
    describeLife(fixture)
  })
}
