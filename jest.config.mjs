import os from 'node:os';

/** Tests run as ES modules (`NODE_OPTIONS=--experimental-vm-modules`), compiled by SWC without type checks. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Compiled as .swcrc says, like the build.
  transform: { '^.+\\.(t|j)s$': '@swc/jest' },
  // Not `x.json.js`: that is how a package of ours keeps JSON as a module.
  moduleNameMapper: { '^(\\.{1,2}/.*)(?<!\\.json)\\.js$': '$1' },
  // Below Node 24.9 Jest cannot require() an ES module; these two sit under Fastify's own plugins.
  transformIgnorePatterns: ['/node_modules/(?!(content-disposition|cookie)/)'],
  // class-transformer reads the types that the decorators left.
  setupFiles: ['reflect-metadata'],
  coverageProvider: 'v8',
  testTimeout: 60_000,
  // Jest leaves one core to itself, which on two of them leaves one: but its tests also wait for stores and processes.
  maxWorkers: Math.max(2, os.availableParallelism() - 1),
};
