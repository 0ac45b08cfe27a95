import neostandard from 'neostandard'
import tseslint from 'typescript-eslint'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'

/** What everything may speak of: values, types and pure functions, which import one another only. */
const vocabulary = ['errors', 'abort-listener', 'deadline', 'sha256', 'message', 'topics', 'store', 'peers', 'events', 'options'].map((name) => `./${name}.ts`)
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
    // Without it imports of .js find no .ts file, and every rule about imports holds.
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } })] },
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
  {
    files: ['src/cli/**/*.ts'],
    rules: { 'no-console': 'off' }
  },
  {
    files: ['test/vitest.config.ts'],
    rules: { 'import-x/no-default-export': 'off' }
  }
]
