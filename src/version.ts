/** The version of this package, put in by the build. */
declare const __PACKAGE_VERSION__: string | undefined

/** How the JS backend names itself, as in `nwaku-desktop v0.1.0`. */
export const version = `nwaku-desktop v${typeof __PACKAGE_VERSION__ === 'string' ? __PACKAGE_VERSION__ : '0.0.0'}`
