/** The result of a step that could not run here; it says why, loudly. */
export function skipped (reason) {
  console.log(`\n*** SKIPPED: ${reason} ***\n`)
  return { passed: 0, failed: 0, skipped: 1, remarks: [`SKIPPED: ${reason}`] }
}
