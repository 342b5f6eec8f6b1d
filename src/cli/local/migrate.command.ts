import { CommandFailed, EXIT, type Command, type CommandInput, type ExitCode } from '../command.js';
import { readProcessSettings } from '../../platform/config/process-settings.js';
import { migrate as migrateDatabase, MIGRATIONS } from '../../platform/database/migrate.js';
import type { Fault } from '../../platform/errors/gateway-error.js';
import { isUnreachable, messageOf } from './unreachable.js';

/** Everything else may be missing. */
const NEEDED = new Set(['DATABASE_URL', 'DATABASE_URL_FILE', 'REDIS_URL', 'REDIS_URL_FILE', 'QUEUE']);

/** `bellhop migrate`: for deployments that start several processes at once. */
export const migrate: Command = {
  name: 'migrate',
  summary: 'Apply missing migrations to DATABASE_URL, and to the queue on PostgreSQL',
  example: 'bellhop migrate',
  options: {},
  isRemote: false,

  async run({ env, output }: CommandInput): Promise<ExitCode> {
    const { databaseUrl, isQueueInPostgres } = storesIn(env);
    try {
      const applied = await migrateDatabase(databaseUrl, MIGRATIONS);
      if (isQueueInPostgres) await migrateQueue(databaseUrl);
      if (output.isJson) output.json({ applied, queue: isQueueInPostgres ? 'postgres' : 'redis' });
      else {
        output.line(
          applied.length === 0
            ? 'The database is up to date.'
            : `Applied to the database: ${applied.join(', ')}.`,
        );
        if (isQueueInPostgres) output.line("The queue's schema is up to date.");
      }
      return EXIT.fine;
    } catch (error) {
      const exitCode = isUnreachable(error) ? EXIT.unreachable : EXIT.bad;
      throw new CommandFailed(exitCode, `The database could not be migrated: ${messageOf(error)}`);
    }
  },
};

/** @throws CommandFailed with every fault of the addresses. */
function storesIn(env: NodeJS.ProcessEnv): { databaseUrl: string; isQueueInPostgres: boolean } {
  const { settings, faults } = readProcessSettings(env);
  const relevant: Fault[] = faults.filter(({ path }) => NEEDED.has(path));
  const { databaseUrl, redisUrl } = settings;
  if (databaseUrl === undefined && relevant.length === 0) {
    const problem = 'is required: an embedded database is migrated when it starts';
    relevant.push({ path: 'DATABASE_URL', problem });
  }
  if (databaseUrl === undefined || relevant.length > 0) {
    const lines = relevant.map(({ path, problem }) => `${path} ${problem}`);
    throw new CommandFailed(EXIT.bad, lines.join('\n'));
  }
  return { databaseUrl, isQueueInPostgres: redisUrl === undefined };
}

async function migrateQueue(databaseUrl: string): Promise<void> {
  // Loads BullMQ.
  const { PostgresStore } = await import('../../queue/bullmq/queue-store.js');
  const store = new PostgresStore(databaseUrl);
  try {
    await store.migrate();
  } finally {
    await store.close();
  }
}
