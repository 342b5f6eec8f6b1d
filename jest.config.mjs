import os from 'node:os';
import { ensureClient } from './scripts/prisma/client.mjs';

// Tests import src/ as it stands, and with it the Prisma client.
await ensureClient();

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
  // Far beyond what `until` waits for, which says what it waited for.
  testTimeout: 300_000,
  // One more than there are cores: tests also wait, for stores, vendors and timers.
  maxWorkers: Math.max(2, os.availableParallelism() + 1),
};
