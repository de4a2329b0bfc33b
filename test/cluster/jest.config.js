import base from '../../jest.config.js';

/**
 * `npm run test:cluster`: the tests that need a cluster. They are no part of `npm test`, since they
 * create namespaces in a cluster of yours.
 *
 * @type {import('jest').Config}
 */
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/cluster'],
  testMatch: ['**/*.cluster.ts'],
  globalSetup: '<rootDir>/test/cluster/global-setup.ts',
  globalTeardown: '<rootDir>/test/cluster/global-teardown.ts',
  // A rollout waits for images, probes and draining pods.
  testTimeout: 300_000,
};
