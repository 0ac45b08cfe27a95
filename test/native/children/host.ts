// What a library does to its host: host.mjs DOOR LIBRARY WHAT [ARGUMENT]
import type { Driver, OpenOptions } from '../../../src/backends/libwaku/drivers/driver.js'
import { doors } from '../helpers/doors.js'
import { makeNode, provoke, until } from '../helpers/nodes.js'

const [door = 'addon', library = '', what = '', argument = ''] = process.argv.slice(2)
const driver = doors[door as Driver['name']]()

const acts: Record<string, () => Promise<void>> = {
  /** Prints, in the library's code, with the given treatment of standard output. */
  output: async () => {
    await driver.open(library, argument === '' ? {} : { output: argument as NonNullable<OpenOptions['output']> })
    const { context } = await makeNode(driver)
    await provoke(context, 'print')
    console.log('a line of the host')
  },

  /** Hears signals that it listened to before and after the library came. */
  signals: async () => {
    const heard: string[] = []
    process.on('SIGINT', () => heard.push('SIGINT'))
    process.on('SIGTERM', () => heard.push('SIGTERM'))
    await driver.open(library)
    const { context } = await makeNode(driver)
    await makeNode(driver)
    process.on('SIGHUP', () => heard.push('SIGHUP'))
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(process.pid, signal)
    await until('the signals', () => heard.length === 3)
    await context.destroy()
    process.kill(process.pid, 'SIGINT')
    await until('SIGINT again', () => heard.length === 4)
    console.log(heard.sort().join())
  },

  /** Makes its first nodes all at once. */
  together: async () => {
    await driver.open(library)
    const made = await Promise.all(Array.from({ length: 8 }, async () => makeNode(driver)))
    await Promise.all(made.map(async ({ context }) => context.destroy()))
    console.log(driver.stats().dispatchers)
  },

  /** Crashes in the library. */
  crash: async () => {
    await driver.open(library)
    const { context } = await makeNode(driver)
    await provoke(context, argument)
  }
}

await acts[what]?.()
