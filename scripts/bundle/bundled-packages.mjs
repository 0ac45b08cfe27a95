import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Puts a package's own package.json in where its code requires it from disk, which a bundle has no copy of. */
const inlinePackageJson = {
  name: 'inline-package-json',
  setup ({ onLoad }) {
    onLoad({ filter: /@achingbrain\/ssdp\/dist\/src\/ssdp\.js$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(join(dirname(path), '../../package.json'), 'utf8'))
      const source = readFileSync(path, 'utf8')
      const inlined = source.replace(/req\(["']\.\.\/\.\.\/package\.json["']\)/, JSON.stringify({ name, version }))
      if (inlined === source) throw new Error('ssdp no longer requires its package.json: remove this plugin')
      return { contents: inlined }
    })
  }
}

/** What stands at the top of a bundle: CommonJS packages in it call require for Node's own modules. */
export const requireForBundles = 'import { createRequire as bundleRequire } from \'node:module\'; const require = bundleRequire(import.meta.url);'

/** esbuild's options for which packages are bundled, and how: all but the package's dependencies. */
export function bundledPackages (root) {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return { external: Object.keys(dependencies), plugins: [inlinePackageJson] }
}
