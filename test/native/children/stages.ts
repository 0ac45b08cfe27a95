// Brings a node to a stage of its life and then ends the process in a given way:
// stages.mjs DOOR LIBRARY STAGE WAY
import { doors } from '../helpers/doors.js'
import { keep, provoke, textOf, until } from '../helpers/nodes.js'
import type { Driver, DriverContext } from '../../../src/backends/libwaku/drivers/driver.js'

const [door = 'addon', library = '', stage = '', way = ''] = process.argv.slice(2)
let driver: Driver | undefined
const events: unknown[] = []

function fail (error: unknown): void {
  console.error(error)
  process.exitCode = 1
}

async function create (config: Record<string, unknown> = {}): Promise<DriverContext> {
  driver = doors[door as Driver['name']]()
  await driver.open(library)
  return driver.create(JSON.stringify(config), { onEvents: (batch) => events.push(...keep(batch)) })
}

async function flowing (): Promise<DriverContext> {
  const context = await create()
  await provoke(context, 'flow:20000:500')
  await until('events', () => events.length > 100)
  return context
}

/** Says so if the process is still there after a while, for which nothing here keeps it alive; then lets it go. */
function sayIfAlive (context: DriverContext): void {
  setTimeout(() => {
    console.log('still alive')
    context.call('waku_stop').catch(fail)
  }, 300).unref()
}

const stages: Record<string, () => Promise<unknown>> = {
  'before open': async () => Promise.resolve(driver = doors[door as Driver['name']]()),
  'after open': async () => {
    driver = doors[door as Driver['name']]()
    await driver.open(library)
  },
  'while creating': async () => {
    create({ 'fake:create': 'late:200' }).then(() => console.log('created'), fail)
    await new Promise(setImmediate)
  },
  'created': async () => create(),
  'with events flowing': flowing,
  'started': async () => {
    const context = await create()
    await context.call('waku_start')
    sayIfAlive(context)
  },
  'started, with events flowing': async () => {
    const context = await flowing()
    await context.call('waku_start')
    sayIfAlive(context)
  },
  'with a call pending': async () => {
    const context = await create()
    provoke(context, 'late:200').then((reply) => console.log(textOf(reply)), fail)
  },
  'with a call given up': async () => {
    await provoke(await create(), 'silent', 20).catch((error: unknown) => console.log((error as { code: string }).code))
  },
  'with a call that hangs given up': async () => {
    await provoke(await create(), 'hang', 20).catch((error: unknown) => console.log((error as { code: string }).code))
  },
  'while destroying': async () => {
    const context = await create({ 'fake:destroy': 'busy:200' })
    context.destroy().then(() => console.log('destroyed'), fail)
  },
  'while destroying, with events flowing': async () => {
    const context = await flowing()
    context.destroy().then(() => console.log('destroyed'), fail)
  },
  'destroyed': async () => (await create()).destroy(),
  'closed': async () => {
    await create()
    driver?.close()
  },
  'closed, with events flowing': async () => {
    await flowing()
    driver?.close()
  }
}

await stages[stage]?.()
if (way === 'exit') process.exit(7)
if (way === 'throw') throw new Error('on purpose')
if (way === 'signal') process.kill(process.pid, 'SIGTERM')
