import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectRejection } from '../helpers/expect-rejection.js'
import { openProxy, type ConnectProxy } from './helpers/connect-proxy.js'
import { useFetching } from './helpers/fetching.js'
import { elfLibrary } from './helpers/packages.js'

const fetching = useFetching()
let proxy: ConnectProxy

async function use (credentials?: string): Promise<void> {
  proxy = await openProxy(credentials)
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) vi.stubEnv(name, proxy.url)
}

beforeEach(() => {
  for (const name of ['no_proxy', 'NO_PROXY']) vi.stubEnv(name, '')
  fetching.server.release([{ name: 'libwaku-linux-arm64.so', content: elfLibrary() }])
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await proxy.close()
})

describe('behind a proxy', () => {
  it('everything goes through it', async () => {
    await use()
    await fetching.fetch()
    expect(proxy.log.length).toBeGreaterThan(0)
    expect(new Set(proxy.log.map((line) => line.split(' ')[1]))).toEqual(new Set([`127.0.0.1:${fetching.server.port}`]))
  })

  it('it is given the user and the password in its address', async () => {
    await use('ann:secret')
    await fetching.fetch()
    expect(proxy.log.length).toBeGreaterThan(0)
  })

  it('a wrong password is a typed error that does not tell it', async () => {
    await use('ann:secret')
    for (const name of ['http_proxy', 'HTTP_PROXY']) vi.stubEnv(name, proxy.url.replace('secret', 'guessed'))
    const { message } = await expectRejection(fetching.fetch(), 'WAKU_FETCH_FAILED')
    expect(message).toContain('407')
    expect(message).not.toContain('guessed')
  })

  it('hosts of NO_PROXY are asked directly', async () => {
    await use()
    for (const name of ['no_proxy', 'NO_PROXY']) vi.stubEnv(name, 'example.org,127.0.0.1')
    await fetching.fetch()
    expect(proxy.log).toEqual([])
  })

  it('a proxy that is gone is a typed error', async () => {
    await use()
    await proxy.close()
    await expectRejection(fetching.fetch(), 'WAKU_FETCH_FAILED', { reason: 'network' })
  })
})
