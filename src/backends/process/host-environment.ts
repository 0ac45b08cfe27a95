/** Variables that change how Node or Electron starts, or how a process talks to the one that started it: none of the child's business. */
const unwanted = /^(NODE_OPTIONS|NODE_CHANNEL_.*|NODE_UNIQUE_ID|NODE_V8_COVERAGE|NODE_REPL_.*|NODE_INSPECT_.*|NODE_DEBUG.*|NODE_PENDING_.*|ELECTRON_.*|VSCODE_.*)$/

/** Makes the environment of the backend's process out of that of the application's. */
export function hostEnvironment (environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && !unwanted.test(entry[0]))
  // libwaku colours its log lines otherwise.
  return { ...Object.fromEntries(kept), NO_COLOR: '1' }
}
