/** The thread of an archive as it is shipped. */
export const builtWorkerUrl = new URL('../../dist/archive-worker.js', import.meta.url)
