import neostandard from 'neostandard'
import tseslint from 'typescript-eslint'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'

/** What everything may speak of: values, types and pure functions, which import one another only. */
const vocabulary = ['errors', 'abort-listener', 'slots', 'deadline', 'sha256', 'message', 'topics', 'store', 'peers', 'events', 'options'].map((name) => `./${name}.ts`)
const frontEnds = ['./src/cli', './src/create-node.ts', './src/index.ts']

/** The dependency direction: what each room of the source must not import from. */
const direction = [
  { target: vocabulary.map((file) => file.replace('.', './src')), from: './src', except: vocabulary },
  { target: './src/wire', from: './src', except: [...vocabulary, './wire'] },
  { target: './src/archive', from: './src', except: [...vocabulary, './wire', './archive'] },
  { target: './src/backend.ts', from: './src', except: vocabulary },
  { target: './src/node', from: ['./src/backends', './src/archive', ...frontEnds] },
  { target: './src/backends', from: ['./src/node', ...frontEnds] },
  { target: './src/backends/js', from: './src/backends', except: ['./js'] },
  { target: './src/backends/process/!(host).ts', from: './src/backends', except: ['./process'] },
  { target: './src/backends/libwaku', from: './src/backends', except: ['./libwaku'] },
  { target: './src/fetch-libwaku', from: './src', except: ['./errors.ts', './abort-listener.ts', './backends/libwaku', './fetch-libwaku'] },
  { target: './src/doctor', from: './src', except: ['./errors.ts', './abort-listener.ts', './backends/libwaku', './doctor'] },
  { target: './src/cli', from: './src', except: ['./cli', './index.ts', './doctor', './fetch-libwaku'] },
  { target: './test/compliance', from: './src' },
  // The demo uses the package as everybody does, and each of its files belongs to one process.
  { target: './electron-demo', from: './src' },
  { target: './electron-demo/src/shared', from: './electron-demo/src', except: ['./shared'] },
  ...['main', 'preload', 'renderer', 'node-process'].map((process) => ({ target: `./electron-demo/src/${process}`, from: './electron-demo/src', except: [`./${process}`, './shared'] }))
]

/** What each process of the demo must not import: only the engine has the package and the database, only main and preload have Electron. */
const forbidden = {
  main: ['nwaku-desktop', 'libsql'],
  preload: ['nwaku-desktop', 'libsql', 'node:*'],
  renderer: ['nwaku-desktop', 'libsql', 'electron', 'node:*'],
  shared: ['nwaku-desktop', 'libsql', 'electron', 'node:*'],
  'node-process': ['electron']
}

const typed = ['src/**/*.ts', 'test/**/*.ts', 'electron-demo/src/**/*.{ts,tsx}', 'electron-demo/test/**/*.ts']

export default [
  { ignores: ['dist/', 'coverage/', 'build/', '**/node_modules/', '**/build/', 'test/bench/baseline/', 'out/', 'electron-demo/out/'] },
  ...neostandard({ ts: true }),
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: typed })),
  {
    files: typed,
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    // Without it imports of .js find no .ts file, and every rule about imports holds.
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js'], extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: direction.map((zone) => ({ ...zone, message: 'against the dependency direction' })) }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      // Interfaces are asynchronous where one of their implementations is.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-deprecated': 'off',
      '@stylistic/quote-props': ['error', 'consistent-as-needed'],
      'no-void': ['error', { allowAsStatement: true }],
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }]
    }
  },
  {
    files: ['test/**/*.ts', 'electron-demo/test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-console': 'off',
      // `await using` is for what happens when the scope is left.
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none', caughtErrors: 'none', ignoreRestSiblings: true, varsIgnorePattern: '^_' }]
    }
  },
  {
    // Values are there for their types, and some calls must not compile.
    files: ['test/types/consumer/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unsafe-call': 'off'
    }
  },
  ...Object.entries(forbidden).map(([process, group]) => ({
    files: [`electron-demo/src/${process}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message: `not for ${process}` }] }] }
  })),
  {
    files: ['electron-demo/src/{main,node-process}/**/*.ts'],
    rules: { 'no-console': 'off' }
  },
  {
    files: ['src/cli/**/*.ts'],
    rules: { 'no-console': 'off' }
  },
  {
    files: ['test/vitest.config.ts', 'electron-demo/test/vitest.config.ts'],
    rules: { 'import-x/no-default-export': 'off' }
  }
]
