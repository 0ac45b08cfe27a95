import { afterEach, beforeEach, describe } from 'vitest'
import { describeModel } from './describe-model.js'
import { describeFilters } from './filters.js'
import { describeKeeping } from './keeping.js'
import { describeLife } from './life.js'
import { describePages } from './pages.js'
import { describeRetention } from './retention.js'
import { ArchiveSuite } from './suite.js'
import type { ArchiveFixture } from './suite.js'

/** The tests that every engine of an archive must pass. */
export function describeArchive (fixture: ArchiveFixture): void {
  describe(`archive over ${fixture.name}`, () => {
    const suite = new ArchiveSuite(fixture)
    describe('for each test anew', () => {
      beforeEach(async () => { await suite.setup() })
      afterEach(async () => { await suite.teardown() })
      describeKeeping(suite)
      describePages(suite)
      describeFilters(suite)
      describeRetention(suite)
      describeLife(suite)
    })
    describeModel(fixture)
  })
}
