import { expect, onTestFinished, test } from 'vitest'
import { releasePort, takePort } from '../../src/backends/libwaku/ports.js'

test('a port is taken once, until it is given back', async () => {
  const port = await takePort('127.0.0.1', 0)
  await expect(takePort('127.0.0.1', port)).rejects.toThrow('in use by another node')
  await expect(takePort('0.0.0.0', port)).rejects.toThrow('in use by another node')
  releasePort('127.0.0.1', port)
  await expect(takePort('0.0.0.0', port)).resolves.toBe(port)
  await expect(takePort('127.0.0.1', port)).rejects.toThrow('in use by another node')
  releasePort('0.0.0.0', port)
})

test.runIf(process.platform === 'linux')('two addresses of a machine have ports of their own', async () => {
  const port = await takePort('127.0.0.1', 0)
  onTestFinished(() => releasePort('127.0.0.1', port))
  await expect(takePort('127.0.0.2', port)).resolves.toBe(port)
  releasePort('127.0.0.2', port)
  await expect(takePort('127.0.0.1', port)).rejects.toThrow('in use by another node')
})
