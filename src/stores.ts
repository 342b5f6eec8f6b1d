import path from 'node:path';
import type { ProcessSettings } from './platform/config/process-settings.js';
import { migrate, MIGRATIONS } from './platform/database/migrate.js';
import { lockDataDirectory } from './platform/embedded/data-directory.js';
import { SupervisedPostgres } from './platform/embedded/supervised-postgres.js';
import type { Logger } from './platform/logging/logger.js';
import { PostgresStore, RedisStore, type QueueStore } from './queue/bullmq/queue-store.js';

/** A shutdown step. */
export type Cleanup = () => Promise<void> | void;

/**
 * Starts the embedded PostgreSQL if none is configured, and applies missing migrations.
 *
 * @param started receives the shutdown steps, also if this fails.
 * @returns the URL of the database.
 */
export async function prepareDatabase(
  { databaseUrl, dataDir, processes }: ProcessSettings,
  logger: Logger,
  started: Cleanup[],
): Promise<string> {
  const url = databaseUrl ?? (await startDatabase(path.resolve(dataDir), processes, logger, started));
  const applied = await migrate(url, MIGRATIONS);
  if (applied.length > 0) logger.info({ applied }, 'database.migrated');
  return url;
}

/**
 * Opens the queue's store, and creates or updates its schema.
 *
 * @param started receives the shutdown steps, also if this fails.
 */
export async function openQueueStore(
  { redisUrl, redis }: ProcessSettings,
  databaseUrl: string,
  started: Cleanup[],
): Promise<QueueStore> {
  if (redisUrl !== undefined) {
    const store = new RedisStore(redisUrl, redis);
    started.push(() => store.close());
    return store;
  }
  const store = new PostgresStore(databaseUrl);
  started.push(() => store.close());
  await store.migrate();
  return store;
}

async function startDatabase(
  directory: string,
  processes: number,
  logger: Logger,
  started: Cleanup[],
): Promise<string> {
  started.push(lockDataDirectory(directory));
  const postgres = new SupervisedPostgres(path.join(directory, 'postgres'), logger, processes);
  started.push(() => postgres.stop());
  return postgres.start();
}

/** Runs all shutdown steps in reverse order. @throws the error of the first one that fails. */
export async function cleanUp(started: Cleanup[]): Promise<void> {
  const failures: unknown[] = [];
  for (let end = started.pop(); end; end = started.pop()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
