import { rm } from 'node:fs/promises'
import { join } from 'node:path'

// What electron-builder makes out of a folder that scripts/package.mjs has put together.
const updateFeed = process.env.NWAKU_CHAT_UPDATE_URL ?? 'https://updates.example.invalid/nwaku-chat'

export default {
  appId: 'im.nwaku.chat',
  productName: 'Nwaku Chat',
  copyright: 'The nwaku-desktop authors',
  // The folder is complete, and nothing in it is compiled: what is native comes built, with Node-API.
  npmRebuild: false,
  nodeGypRebuild: false,
  buildDependenciesFromSource: false,
  files: ['out/**', '!out/**/*.map', 'node_modules/**', 'package.json', '!**/*.{md,d.ts,ts,map,markdown}', '!**/{test,tests,__tests__}/**'],
  asar: true,
  // The engine and all that it uses: native files, programs that are started from their files, and modules that older releases cannot import out of an archive.
  asarUnpack: ['out/engine.*', 'node_modules/**'],
  protocols: [{ name: 'Nwaku Chat invite', schemes: ['nwaku-chat'] }],
  // Where new versions are looked for; named when releases are made.
  publish: [{ provider: 'generic', url: updateFeed }],
  // An Electron that is no download of its own may bring an app, in whose place ours is.
  afterPack: async ({ appOutDir }) => { await rm(join(appOutDir, 'resources/app'), { recursive: true, force: true }) },
  // eslint-disable-next-line no-template-curly-in-string -- filled in by electron-builder
  artifactName: 'nwaku-chat-${version}-${os}-${arch}.${ext}',
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Network;Chat',
    icon: 'icon.png',
    executableName: 'nwaku-chat',
    syncDesktopName: true,
    maintainer: 'The nwaku-desktop authors <nwaku-desktop@example.invalid>',
    synopsis: 'A chat over Waku that shows what its node does',
    mimeTypes: ['x-scheme-handler/nwaku-chat']
  },
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.social-networking',
    icon: 'icon.png',
    hardenedRuntime: true,
    gatekeeperAssess: false
  },
  dmg: { sign: false }
}
