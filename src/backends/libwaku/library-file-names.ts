/** The file names of the native library on a platform, the preferred one first. */
export function libraryFileNames (platform: NodeJS.Platform = process.platform): string[] {
  const suffix = platform === 'darwin' ? '.dylib' : '.so'
  return ['libwaku', 'liblogosdelivery'].map((name) => `${name}${suffix}`)
}
