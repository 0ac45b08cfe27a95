/** How a person types this command: with npm in a clone of the project, with npx elsewhere. */
export const invocation = process.env['npm_lifecycle_event'] === 'start' ? 'npm start --' : 'npx nwaku-desktop'
