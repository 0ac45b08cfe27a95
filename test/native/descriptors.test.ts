import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { describe, expect, it, onTestFinished } from 'vitest'
import { doors } from './helpers/doors.js'
import { fakeLibrary } from './helpers/libraries.js'
import { makeNode } from './helpers/nodes.js'

describe.each(['addon', 'koffi'] as const)('a process with too many files open, through %s,', (door) => {
  it('is refused a node, in which the library would hang', async () => {
    const driver = doors[door]()
    onTestFinished(() => driver.close())
    await driver.open(fakeLibrary('a'))
    const files: number[] = []
    onTestFinished(() => { for (const file of files) closeSync(file) })
    while ((files.at(-1) ?? 0) <= 961) files.push(openSync(devNull, 'r'))
    await expect(makeNode(driver)).rejects.toMatchObject({ code: 'WAKU_LIBRARY_ERROR', message: expect.stringContaining('files open') as string })
    for (const file of files.splice(0)) closeSync(file)
    await expect(makeNode(driver)).resolves.toBeDefined()
  })
})
