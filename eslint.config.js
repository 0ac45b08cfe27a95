import neostandard from 'neostandard'
import tseslint from 'typescript-eslint'
import { importX } from 'eslint-plugin-import-x'

/** What each room of src must not import: the dependency direction, types below, front ends above. */
const direction = [
  { target: ['./src/errors.ts'], from: './src', except: ['./errors.ts'] },
  { target: ['./src/{message,topics,store,peers,events}.ts'], from: './src', except: ['./errors.ts', './sha256.ts', './abort-listener.ts', './deadline.ts', './message.ts', './topics.ts', './store.ts', './peers.ts', './events.ts'] },
  { target: './src/wire', from: './src', except: ['./errors.ts', './sha256.ts', './abort-listener.ts', './deadline.ts', './message.ts', './topics.ts', './store.ts', './peers.ts', './wire'] },
  { target: './src/archive', from: './src', except: ['./errors.ts', './sha256.ts', './abort-listener.ts', './deadline.ts', './message.ts', './topics.ts', './store.ts', './archive', './wire'] },
  { target: './src/backend.ts', from: './src', except: ['./errors.ts', './sha256.ts', './abort-listener.ts', './deadline.ts', './message.ts', './topics.ts', './store.ts', './peers.ts', './events.ts', './options.ts'] },
  { target: './src/node.ts', from: './src', except: ['./errors.ts', './sha256.ts', './abort-listener.ts', './deadline.ts', './message.ts', './topics.ts', './store.ts', './peers.ts', './events.ts', './options.ts', './backend.ts', './subscription.ts', './wire', './node'] },
  { target: './src/backends', from: './src', except: ['./errors.ts', './sha256.ts', './abort-listener.ts', './deadline.ts', './message.ts', './topics.ts', './store.ts', './peers.ts', './events.ts', './options.ts', './backend.ts', './polyfills.ts', './wire', './archive', './backends'] },
  { target: './src/backends/js', from: './src/backends', except: ['./js'] },
  { target: './src/backends/libwaku', from: './src/backends', except: ['./libwaku'] },
  { target: './src/fetch-libwaku', from: './src', except: ['./errors.ts', './abort-listener.ts', './backends/libwaku', './fetch-libwaku'] },
  { target: './src/doctor', from: './src', except: ['./errors.ts', './abort-listener.ts', './backends/libwaku', './doctor'] },
  { target: './src/cli', from: './src', except: ['./cli', './index.ts', './doctor', './fetch-libwaku'] },
  { target: './test/compliance', from: './src' },
  { target: './electron-demo', from: './src' }
]

export default [
  { ignores: ['dist/', 'coverage/', 'build/', '**/node_modules/', '**/build/', 'test/bench/baseline/'] },
  ...neostandard({ ts: true }),
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['src/**/*.ts', 'test/**/*.ts'] })),
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
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
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-console': 'off',
      // `await using` is for what happens when the scope is left.
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_' }]
    }
  },
  {
    files: ['src/cli/**/*.ts'],
    rules: { 'no-console': 'off' }
  },
  {
    files: ['test/vitest.config.ts'],
    rules: { 'import-x/no-default-export': 'off' }
  }
]
