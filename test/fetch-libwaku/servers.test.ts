import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expectRejection } from '../helpers/expect-rejection.js'
import { useFetching } from './helpers/fetching.js'
import { debOf, elfLibrary, tarGzOf } from './helpers/packages.js'
import { breaksAfter, debName, file, ReleaseServer, reset, type ListedAsset } from './helpers/release-server.js'

const fetching = useFetching()
const deb = debOf(await tarGzOf({ name: './libwaku.so', content: elfLibrary({ size: 50_000 }) }))
const tags = '/releases/tags/v0.38.1'
const files = `/files/${debName}`

/** Fetches, and asserts why that fails and that no library is there then. */
async function failsWith (reason: string): Promise<string> {
  const { message } = await expectRejection(fetching.fetch(), 'WAKU_FETCH_FAILED', { reason })
  expect(fetching.files().filter((name) => !name.startsWith('.partial'))).toEqual([])
  return message
}

function list (asset: Partial<ListedAsset> = {}): void {
  fetching.server.release([{ content: deb, ...asset }])
}

describe('a releases API that misbehaves', () => {
  it('knows no such release', async () => {
    expect(await failsWith('not-found')).toContain('--version')
  })

  it('limits the rate, and tells when it no longer does', async () => {
    const reset = Math.floor(Date.now() / 1000) + 1800
    fetching.server.on(tags, (_request, response) => response.writeHead(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) }).end('{}'))
    expect(await failsWith('rate-limited')).toContain(new Date(reset * 1000).toISOString().slice(0, 16))
    expect(fetching.server.log).toEqual([tags])
  })

  it('asks for a moment of patience', async () => {
    list()
    const serve = (_request: unknown, response: { end: (text: string) => unknown }): void => { response.end(JSON.stringify({ tag_name: 'v0.38.1', assets: [{ name: debName, browser_download_url: fetching.server.url(files), digest: null }] })) }
    fetching.server.on(tags, (request, response, numBefore) => numBefore === 0 ? response.writeHead(429, { 'retry-after': '0' }).end() : serve(request, response))
    await failsWith('no-digest')
    expect(fetching.server.log).toEqual([tags, tags])
  })

  it('forbids', async () => {
    fetching.server.on(tags, (_request, response) => response.writeHead(403).end('{}'))
    await failsWith('refused')
  })

  it('answers with a web page', async () => {
    fetching.server.on(tags, (_request, response) => response.setHeader('content-type', 'text/html').end('<html>Log in to the hotel'))
    expect(await failsWith('unexpected-content')).toContain('login page')
  })

  it.each([['null'], ['{"tag_name":1}'], ['{"tag_name":"v1","assets":[{"name":"a","browser_download_url":"file:///etc/passwd"}]}'], ['{']])('answers with %s', async (text) => {
    fetching.server.on(tags, (_request, response) => response.end(text))
    await failsWith('unexpected-content')
  })

  it('never ends', async () => {
    fetching.server.on(tags, (_request, response) => {
      const more = (): void => { while (!response.destroyed && response.write(' '.repeat(1024 * 1024))); }
      response.on('drain', more)
      more()
    })
    await failsWith('too-large')
  })

  it('lists no file for this platform, and the error lists what there is', async () => {
    list({ name: 'libwaku-v0.38.1-amd64-macos.tar.gz' })
    expect(await failsWith('no-asset')).toContain('libwaku-v0.38.1-amd64-macos.tar.gz')
  })

  it.each([[null], ['sha256:12'], ['md5:d41d8cd98f00b204e9800998ecf8427e']])('lists a file with the digest %s', async (digest) => {
    list({ digest })
    expect(await failsWith('no-digest')).toContain('--sha256')
  })

  it('is not there', async () => {
    const gone = await ReleaseServer.listen()
    const { releasesUrl } = gone
    await gone.close()
    const { message } = await expectRejection(fetching.fetch({ releasesUrl }), 'WAKU_FETCH_FAILED', { reason: 'network' })
    expect(message).toContain('ECONNREFUSED')
  })
})

describe('a server that misbehaves', () => {
  it('fails at first and then does not', async () => {
    const serve = file(deb)
    list({ handler: (request, response, numBefore) => numBefore < 2 ? response.writeHead(500 + numBefore).end() : serve(request, response, 0) })
    await fetching.fetch()
    expect(fetching.server.log.filter((path) => path === files)).toHaveLength(3)
  })

  it('fails again and again', async () => {
    list({ handler: (_request, response) => response.writeHead(503).end() })
    await failsWith('network')
    expect(fetching.server.log.filter((path) => path === files)).toHaveLength(3)
  })

  it('has lost the file', async () => {
    list({ handler: (_request, response) => response.writeHead(404).end() })
    await failsWith('not-found')
  })

  it('redirects to another host', async () => {
    const other = await ReleaseServer.listen()
    other.on('/there?key=secret', file(deb))
    list({ handler: (_request, response) => response.writeHead(302, { location: `http://localhost:${other.port}/there?key=secret` }).end() })
    other.on('/there?key=secret', file(deb))
    try {
      expect((await fetching.fetch()).source).not.toContain('secret')
    } finally {
      await other.close()
    }
  })

  it('redirects in a circle', async () => {
    list({ handler: (_request, response) => response.writeHead(301, { location: files }).end() })
    await failsWith('too-many-redirects')
    expect(fetching.server.log.length).toBeLessThan(10)
  })

  it.each([['file:///etc/passwd'], ['http://'], ['javascript:1']])('redirects to %s', async (location) => {
    list({ handler: (_request, response) => response.writeHead(302, { location }).end() })
    await failsWith('unexpected-content')
  })

  it('answers nothing', async () => {
    list({ handler: () => undefined })
    await expectRejection(fetching.fetch({ limits: { answerTimeoutMs: 100 } }), 'WAKU_FETCH_FAILED', { reason: 'network' })
  })

  it('stalls in the middle', async () => {
    list({ handler: breaksAfter(deb, 20_000, () => undefined) })
    await failsWith('stalled')
  })

  it('drips', async () => {
    list({
      handler: (_request, response) => {
        response.writeHead(200, { 'content-length': deb.length })
        let at = 0
        const timer = setInterval(() => response.write(deb.subarray(at, ++at)), 5)
        response.on('close', () => clearInterval(timer))
      }
    })
    await failsWith('stalled')
  })

  it('breaks off, each time', async () => {
    list({ handler: breaksAfter(deb, 100, reset) })
    await failsWith('network')
  })

  it('sends less than it announces', async () => {
    list({ handler: (_request, response) => response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(deb.subarray(0, 1000)) })
    await failsWith('wrong-length')
  })

  it('announces another length than the release', async () => {
    list({ size: deb.length + 1 })
    expect(await failsWith('wrong-length')).toContain(String(deb.length + 1))
  })

  it('sends without end', async () => {
    list({
      handler: (_request, response) => {
        const more = (): void => { while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))); }
        response.on('drain', more)
        more()
      }
    })
    await failsWith('too-large')
  })

  it('has a file that is too large to be a library', async () => {
    list()
    await expectRejection(fetching.fetch({ limits: { maxAssetBytes: 1000 } }), 'WAKU_FETCH_FAILED', { reason: 'too-large' })
  })

  it('sends a web page', async () => {
    const page = Buffer.from('<!doctype html><title>Log in</title>')
    list({ size: undefined, handler: (_request, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': deb.length }).end(page) })
    expect(await failsWith('unexpected-content')).toContain('login page')
  })

  it('sends another file', async () => {
    const other = Buffer.from(deb)
    other[1000] = (other[1000] ?? 0) ^ 1
    list({ handler: file(other) })
    expect(await failsWith('wrong-digest')).toContain('SHA-256')
    expect(fetching.files(), 'what is wrong is not kept').toEqual([])
  })

  it('sends into a place that is no folder', async () => {
    list()
    writeFileSync(fetching.folder, 'a file')
    await expectRejection(fetching.fetch(), 'WAKU_FETCH_FAILED', { reason: 'not-writable', source: fetching.folder })
  })
})
