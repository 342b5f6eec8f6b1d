import path from 'node:path';
import type { ProcessSettings } from '../../platform/config/process-settings.js';
import { DataDirectoryInUse, lockDataDirectory } from '../../platform/embedded/data-directory.js';
import { runningEmbeddedUrl, startEmbeddedPostgres } from '../../platform/embedded/embedded-postgres.js';

export interface ReachedDatabase {
  readonly url: string;
  /** Stops the database if it was started here. */
  close(): Promise<void>;
}

/**
 * The gateway's database: that of `DATABASE_URL`, or the embedded one, which is started unless a gateway on the same
 * data directory is running it.
 *
 * @throws DataDirectoryInUse if the directory is locked, but no database is running in it.
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
