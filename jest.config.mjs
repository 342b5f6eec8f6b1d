import os from 'node:os';
import { ensureClient } from './scripts/prisma/client.mjs';

// Tests import src/ and with it the generated Prisma client.
await ensureClient();

/** Tests run as ES modules (`NODE_OPTIONS=--experimental-vm-modules`), compiled by SWC without type checks. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Options in .swcrc, as for the build.
  transform: { '^.+\\.(t|j)s$': '@swc/jest' },
  // Except `x.json.js`, which a dependency uses for JSON modules.
  moduleNameMapper: { '^(\\.{1,2}/.*)(?<!\\.json)\\.js$': '$1' },
  // Below Node 24.9 Jest cannot require() an ES module; these two sit under Fastify's own plugins.
  transformIgnorePatterns: ['/node_modules/(?!(content-disposition|cookie)/)'],
  // class-transformer reads the type metadata of decorators.
  setupFiles: ['reflect-metadata'],
  coverageProvider: 'v8',
  // Far beyond the timeout of `until`, whose error is more specific.
  testTimeout: 300_000,
  // One more than the cores, because tests also wait for stores, vendors and timers.
  maxWorkers: Math.max(2, os.availableParallelism() + 1),
};
