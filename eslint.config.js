import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

/** A folder's allowed imports, as a pattern that matches every import that is NOT allowed. */
const only = (files, regex, message) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex, message }] }],
  },
});

const CDK8S = '(cdk8s|constructs)(-|/|$)';

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'imports/**',
      'manifests/**',
      '.cache/**',
      'coverage/**',
      'test/architecture/planted/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // The SDK's low-level server is marked "for advanced use only", which ours is: lists that are
      // worked out once and arguments that we parse ourselves.
      '@typescript-eslint/no-deprecated': [
        'error',
        { allow: [{ from: 'package', name: 'Server', package: '@modelcontextprotocol/server' }] },
      ],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message:
            'Environment is read in server/config.ts and the environment.ts of a command only.',
        },
      ],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'max-lines': ['error', { max: 400, skipComments: false }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  only(['lib/**/*.ts'], '(^|/)server/', 'lib never imports server.'),
  only(
    ['lib/contract/**/*.ts'],
    '^(?!zod$|\\.)|^\\.\\./\\.\\./(?!contract/)|(^|/)(constructs|charts|cli|monitoring|imports)/',
    'lib/contract imports zod and nothing else.',
  ),
  only(
    ['server/**/*.ts'],
    `(^|/)lib/(?!contract/)|(^|/)imports/|^${CDK8S}`,
    'server imports only lib/contract from lib, and never cdk8s.',
  ),
  only(
    ['server/tools/**/*.ts'],
    `^(fastify|jose|prom-client|undici)(/|$)|(^|/)lib/(?!contract/)|^${CDK8S}`,
    'Tools know Rucio and the contract, not the transport.',
  ),
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-restricted-properties': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['scripts/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['server/config.ts', 'server/cli/environment.ts', 'lib/cli/environment.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['test/**/*.test.ts'],
    plugins: { jest },
    rules: {
      'jest/valid-expect': 'error',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'fc.assert'] }],
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
    },
  },
);
