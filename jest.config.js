/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  cacheDirectory: '<rootDir>/.cache/jest',
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
        module: { type: 'commonjs' },
      },
    ],
  },
  // ESM-only packages that Node 20's jest must see as CommonJS, and one that imports as it goes.
  transformIgnorePatterns: [
    '/node_modules/(?!(jose|cookie|htmlparser2|domhandler|domutils|domelementtype|dom-serializer|entities|oidc-provider|oauth4webapi|p-limit|yocto-queue|@opentelemetry)/)',
  ],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.cjs'],
  testTimeout: 30_000,
};
