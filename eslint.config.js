'use strict';

const js = require('@eslint/js');
const { createNodeResolver, importX } = require('eslint-plugin-import-x');
const jsdoc = require('eslint-plugin-jsdoc');
const tseslint = require('typescript-eslint');

/** The library's levels, from top to bottom. A module may import only from lower levels or its own folder. */
const LEVELS = [
  ['index.mts'],
  ['index.ts'],
  ['strategy.ts'],
  ['sign-in', 'api'],
  ['http', 'token-vault.ts'],
  ['settings.ts', 'call-app-code.ts', 'profile.ts', 'sealing.ts', 'check-secrets.ts'],
  ['options.ts'],
  ['state-store.ts'],
  ['errors.ts'],
  ['check-tokens.ts'],
  ['tokens.ts'],
  ['json.ts', 'endpoints.ts', 'debug.ts', 'express-request.ts'],
];
const DIRECTIONS = LEVELS.flatMap(
  (level, depth) =>
    level.map((module) => ({
      target: `lib/${module}`,
      from: LEVELS.slice(0, depth + 1)
        .flat()
        .filter((other) => other !== module)
        .map((other) => `lib/${other}`),
      message: 'Imports go down only: see LEVELS in eslint.config.js.',
    })),
  // Leave out the top level. Its list is empty, which the rule doesn't accept.
).filter(({ from }) => from.length > 0);

// Some environments, such as jest's jsdom, lack these globals or have different ones with the same names.
// Import them from Node's modules, which are the same everywhere.
const GLOBALS_OF_NODE = [
  ...['AbortController', 'AbortSignal', 'Blob', 'Buffer', 'Event', 'EventTarget', 'TextDecoder'],
  ...['TextEncoder', 'URL', 'URLSearchParams', 'atob', 'btoa', 'clearImmediate', 'clearInterval'],
  ...['clearTimeout', 'console', 'crypto', 'fetch', 'global', 'performance', 'process'],
  ...['queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout', 'structuredClone'],
].map((name) => ({ name, message: 'Import it from the node: module that has it, or avoid it.' }));

module.exports = tseslint.config(
  { ignores: ['**/dist/', 'coverage/', 'test/package/consumers/', 'test/provider/.venv*/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports' },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // For CommonJS modules, `import x = require('x')` lets apps use our declarations without esModuleInterop.
      '@typescript-eslint/no-require-imports': ['error', { allowAsImport: true }],
      // Overloads with different numbers of parameters are clearer than one signature with a union.
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['lib/**/*.ts', 'lib/**/*.mts'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.mts'],
      'import-x/resolver-next': [
        createNodeResolver({ extensionAlias: { '.js': ['.ts'], '.mjs': ['.mts'] } }),
      ],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...DIRECTIONS,
            {
              target: 'lib/local-ion',
              from: 'lib',
              // The local Ion uses only the types from profile.ts.
              except: ['local-ion', 'endpoints.ts', 'profile.ts'],
              message:
                'The local Ion must not share code with the library that is tested against it.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['lib/**/*.ts'],
    ignores: ['lib/local-ion/**'],
    rules: { 'no-restricted-globals': ['error', ...GLOBALS_OF_NODE] },
  },
  {
    files: ['lib/**/*.ts', 'lib/**/*.mts'],
    extends: [jsdoc.configs['flat/recommended-typescript-error']],
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          enableFixer: false,
          checkConstructors: false,
          contexts: ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration'],
          require: { ClassDeclaration: true, FunctionDeclaration: true, MethodDefinition: true },
        },
      ],
      'jsdoc/require-description': ['error', { contexts: ['any'] }],
      'jsdoc/tag-lines': ['error', 'any', { startLines: 1 }],
      // The signature already names and types parameters and results. Tags are for what it cannot say.
      'jsdoc/require-param': 'off',
      'jsdoc/check-param-names': ['error', { disableMissingParamChecks: true }],
      'jsdoc/require-returns': 'off',
      // In TSDoc, @throws names the error with a link.
      'jsdoc/require-throws-type': 'off',
      'jsdoc/require-yields': 'off',
      'jsdoc/check-tag-names': [
        'error',
        {
          definedTags: ['typeParam', 'packageDocumentation', 'hidden', 'defaultValue', 'remarks'],
          typed: false,
        },
      ],
    },
  },
  {
    files: ['**/*.js'],
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        process: 'readonly',
        console: 'readonly',
        performance: 'readonly',
      },
    },
  },
  {
    // Next.js finds routes only in files with this extension.
    files: ['test/frameworks/apps/next/**/*.js'],
    languageOptions: { sourceType: 'module' },
  },
);
