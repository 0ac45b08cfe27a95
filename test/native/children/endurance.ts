// endurance.mjs DOOR LIBRARY WHAT COUNT: does it that often and prints what is left.
import { readdirSync } from 'node:fs'
import type { Driver } from '../../../src/backends/libwaku/drivers/driver.js'
import { doors } from '../helpers/doors.js'
import { keep, makeNode, provoke, textOf, until } from '../helpers/nodes.js'

const [door = 'addon', library = '', what = '', count = '1'] = process.argv.slice(2)
const collect = globalThis.gc ?? (() => undefined)
const samples: number[] = []
const descriptors = (): number => readdirSync('/dev/fd').length

async function cycle (driver: Driver): Promise<void> {
  const { context } = await makeNode(driver)
  await provoke(context, 'flood:3:200')
  provoke(context, 'silent').catch(() => undefined)
  await context.destroy()
}

async function nodes (driver: Driver, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await cycle(driver)
    if (i % Math.ceil(times / 20) === 0) sample()
  }
}

async function sessions (times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const driver = doors[door as Driver['name']]()
    await driver.open(library)
    await makeNode(driver)
    driver.close()
    if (i % Math.ceil(times / 20) === 0) sample()
  }
}

/** Whatever the program forgets must not be taken away from what is still on its way. */
async function forgetful (driver: Driver, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const seen: unknown[] = []
    const answers = await (async () => {
      const context = await driver.create('{}', { onEvents: (batch) => seen.push(...keep(batch)) })
      return [provoke(context, 'late:5'), provoke(context, 'flood:200:300')]
    })()
    collect()
    const texts = (await Promise.all(answers)).map(textOf)
    collect()
    await until('200 events', () => seen.length === 200)
    if (texts.join() !== 'late,flooded') throw new Error(texts.join())
  }
}

function sample (): void {
  collect()
  samples.push(process.memoryUsage.rss())
}

const driver = doors[door as Driver['name']]()
await driver.open(library)
await cycle(driver)
const before = descriptors()
if (what === 'nodes') await nodes(driver, Number(count))
if (what === 'sessions') await sessions(Number(count))
if (what === 'forgetful') await forgetful(driver, Number(count))
collect()
const closing = performance.now() + 2000 // sockets of closed drivers go a little later
while (descriptors() > before && performance.now() < closing) await new Promise(setImmediate)
console.log(JSON.stringify({ descriptors: descriptors() - before, samples, ...driver.stats() }))
