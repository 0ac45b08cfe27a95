import * as z from 'zod'
import { isWakuError, reasonOf } from '../errors.js'
import type { Asset } from './choose-asset.js'
import { fetchFailed, withoutCredentials } from './failure.js'
import type { Answer, HttpClient } from './http-client.js'
import type { Limits } from './limits.js'
import { withRetries } from './with-retries.js'

/** Where upstream publishes its releases. */
export const defaultReleasesUrl = 'https://api.github.com/repos/logos-messaging/logos-delivery/releases'

const releaseSchema = z.object({
  tag_name: z.string().min(1).max(100),
  assets: z.array(z.object({
    name: z.string().min(1).max(300),
    browser_download_url: z.url({ protocol: /^https?$/ }),
    size: z.number().int().nonnegative().optional(),
    digest: z.string().nullish()
  })).max(1000)
})

/** A release, as its API lists it. */
export interface Release {
  readonly version: string
  readonly assets: readonly Asset[]
}

/**
 * Asks the releases API for a release.
 *
 * @param version - its tag, or `latest`.
 * @throws {WakuError} `WAKU_FETCH_FAILED`.
 */
export async function findRelease (client: HttpClient, releasesUrl: string, version: string, limits: Limits, signal: AbortSignal): Promise<Release> {
  const url = new URL(`${releasesUrl.replace(/\/+$/, '')}/${version === 'latest' ? version : `tags/${encodeURIComponent(version)}`}`)
  try {
    const { text, from } = await withRetries(async () => {
      const answer = await client.get(url, { accept: 'application/vnd.github+json' })
      return { text: await readText(answer, limits), from: answer.url }
    }, limits, signal)
    return readRelease(text, from)
  } catch (error) {
    if (isWakuError(error, 'WAKU_FETCH_FAILED') && error.details.reason === 'not-found') {
      throw fetchFailed('not-found', `There is no release ${version} at ${withoutCredentials(releasesUrl)}. Give another with --version.`, url, { cause: error })
    }
    throw error
  }
}

async function readText ({ body, url }: Answer, { maxAnswerBytes }: Limits): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxAnswerBytes) throw fetchFailed('too-large', `${withoutCredentials(url)} answers with more than ${maxAnswerBytes} bytes.`, url)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function readRelease (text: string, url: URL): Release {
  let release: z.output<typeof releaseSchema>
  try {
    release = releaseSchema.parse(JSON.parse(text))
  } catch (error) {
    const what = /^\s*</.test(text) ? 'a web page; is there a login page of a network or a proxy in between?' : `something else (${reasonOf(error).split('\n')[0]?.slice(0, 100) ?? ''})`
    throw fetchFailed('unexpected-content', `${withoutCredentials(url)} is to answer with a release and answers with ${what}`, url, { cause: error })
  }
  return {
    version: release.tag_name,
    // On the way through a plain connection a digest could have been changed along with the file.
    assets: release.assets.map((asset) => ({ name: asset.name, url: asset.browser_download_url, size: asset.size, sha256: isTrusted(url) ? digestOf(asset.digest) : undefined }))
  }
}

function digestOf (digest: string | null | undefined): string | undefined {
  return /^sha256:([0-9a-f]{64})$/i.exec(digest ?? '')?.[1]?.toLowerCase()
}

function isTrusted ({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}
