/** Names the command and the arguments that run npm. */
export function npm (...args) {
  // Under npm this names the very npm that runs us; elsewhere npm is looked up.
  const path = process.env.npm_execpath
  if (path !== undefined && /\.c?js$/.test(path)) return [process.execPath, [path, ...args]]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', args]
}
