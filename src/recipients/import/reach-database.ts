import path from 'node:path';
import type { ProcessSettings } from '../../platform/config/process-settings.js';
import { DataDirectoryInUse, lockDataDirectory } from '../../platform/embedded/data-directory.js';
import { runningEmbeddedUrl, startEmbeddedPostgres } from '../../platform/embedded/embedded-postgres.js';

export interface ReachedDatabase {
  readonly url: string;
  /** Ends what was started to reach it. */
  close(): Promise<void>;
}

/**
 * The gateway's database: that of `DATABASE_URL`, or the embedded one, which is started unless a gateway that runs on
 * the same data directory has started it.
 *
 * @throws DataDirectoryInUse where the directory is taken, but by nothing that has a database running.
 */
export async function reachDatabase({ databaseUrl, dataDir }: ProcessSettings): Promise<ReachedDatabase> {
  if (databaseUrl !== undefined) return { url: databaseUrl, close: async () => undefined };
  const directory = path.resolve(dataDir);
  const postgres = path.join(directory, 'postgres');
  let unlock: () => void;
  try {
    unlock = lockDataDirectory(directory);
  } catch (error) {
    const url = error instanceof DataDirectoryInUse ? runningEmbeddedUrl(postgres) : undefined;
    if (url === undefined) throw error;
    return { url, close: async () => undefined };
  }
  try {
    const server = await startEmbeddedPostgres(postgres);
    return {
      url: server.url,
      close: async () => {
        await server.stop();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
