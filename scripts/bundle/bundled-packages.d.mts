import type { BuildOptions } from 'esbuild'

export declare const requireForBundles: string
export declare function bundledPackages (root: string): Required<Pick<BuildOptions, 'external' | 'plugins'>>
