#!/usr/bin/env node
// Makes packages of the chat with electron-builder: puts the app together for each platform, then packs it.
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Arch, build, Platform } from 'electron-builder'
import builderConfig from '../electron-builder.config.mjs'
import { setUpDemo } from '../../scripts/demo/set-up-demo.mjs'
import { findElectronFolder } from '../../scripts/electron/find-electron.mjs'
import { stageApp } from './package/stage-app.mjs'
import { versionOfElectron } from './package/version-of-electron.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const platforms = { linux: Platform.LINUX, darwin: Platform.MAC }

const usage = `Usage: npm run package [-- options]

  --platform NAME   linux (AppImage, deb) or darwin (dmg, zip); this machine's by default
  --arch NAME       x64 or arm64; both by default
  --dir             makes an unpacked app only, with the Electron at hand
  --out FOLDER      where to; electron-demo/release by default
  --help            prints this

NWAKU_CHAT_LIBWAKU names a libwaku to pack along; NWAKU_CHAT_UPDATE_URL where the app looks for new versions.
The tools for AppImage and dmg, and Electron for other platforms, are fetched from their download hosts.
`

const { values } = parseArgs({ options: { platform: { type: 'string', default: process.platform }, arch: { type: 'string', multiple: true }, dir: { type: 'boolean' }, out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
if (values.help === true) {
  console.log(usage)
  process.exit(0)
}
const platform = platforms[values.platform]
if (platform === undefined) throw new Error(`--platform: ${Object.keys(platforms).join(' or ')}`)
const archs = values.arch ?? (values.dir === true ? [process.arch] : ['x64', 'arm64'])

try {
  await setUpDemo({ needsElectron: false })
  for (const arch of archs) await pack(arch)
} catch (error) {
  const isUnreachable = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET'].includes(error.code)
  console.error(isUnreachable
    ? `package: a tool of the packaging is to be fetched, and its host cannot be reached from here (${error.message}). The same command makes the packages where it can; --dir needs nothing.`
    : `package: ${error.stack}`)
  process.exitCode = 1
}

async function pack (arch) {
  const isHere = values.platform === process.platform && arch === process.arch
  const electron = isHere ? findElectronFolder() : undefined
  console.error(`package: putting the app together for ${values.platform} on ${arch} …`)
  const stage = await stageApp({ platform: values.platform, arch })
  try {
    console.error(`package: packing${values.dir === true ? ', unpacked only' : ''} …`)
    await build({
      projectDir: stage,
      publish: 'never',
      targets: platform.createTarget(values.dir === true ? ['dir'] : null, Arch[arch]),
      config: {
        ...builderConfig,
        directories: { output: values.out ?? `${root}release`, buildResources: `${root}resources` },
        electronVersion: versionOfElectron(electron),
        extraResources: process.env.NWAKU_CHAT_LIBWAKU === undefined ? [] : [{ from: process.env.NWAKU_CHAT_LIBWAKU, to: 'libwaku/' }],
        ...(electron === undefined ? {} : { electronDist: electron })
      }
    })
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}
