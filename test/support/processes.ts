import { afterEach, beforeAll, beforeEach } from '@jest/globals';
import { emptyRedis } from './gateway.js';
import { buildProgram, startProcess, temporaryDirectory, type GatewayProcess } from './process.js';

/** Processes of the built program that share a data directory within one test. */
export interface Processes {
  /** The data directory, and Redis if available. */
  env(): Record<string, string>;
  start(more?: Readonly<Record<string, string>>): Promise<GatewayProcess>;
  /** Stops all running processes. */
  stop(): Promise<void>;
}

/** Creates an empty directory for each test of the spec file, and stops its processes afterwards. */
export function useProcesses(): Processes {
  let directory: { path: string; remove: () => Promise<void> };
  let redis: Record<string, string>;
  const started: GatewayProcess[] = [];
  const env = (): Record<string, string> => ({ DATA_DIR: directory.path, ...redis });
  const stop = async (): Promise<void> => {
    await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
  };
  beforeAll(buildProgram);
  beforeEach(async () => {
    directory = await temporaryDirectory();
    const url = await emptyRedis();
    redis = url === undefined ? {} : { REDIS_URL: url };
  });
  afterEach(async () => {
    await stop();
    await directory.remove();
  });
  return {
    env,
    start: async (more) => {
      const gateway = await startProcess({ ...env(), ...more });
      started.push(gateway);
      return gateway;
    },
    stop,
  };
}
