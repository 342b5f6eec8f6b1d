import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { readProcessSettings } from './platform/config/process-settings.js';
import { migrate } from './platform/database/migrate.js';
import { withoutUserinfo } from './platform/logging/without-userinfo.js';
import { PostgresStore } from './queue/bullmq/queue-store.js';

// Migrates the database of DATABASE_URL and exits, for deployments that start several processes at once. It needs only
// the addresses of the database and the queue.

const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));
const NEEDED = new Set(['DATABASE_URL', 'DATABASE_URL_FILE', 'REDIS_URL', 'REDIS_URL_FILE', 'QUEUE']);

await main();

async function main(): Promise<void> {
  const { settings, faults } = readProcessSettings(process.env);
  const { databaseUrl, redisUrl } = settings;
  const relevant = faults.filter(({ path }) => NEEDED.has(path));
  if (databaseUrl === undefined && relevant.length === 0) {
    relevant.push({
      path: 'DATABASE_URL',
      problem: 'is required: an embedded database is migrated when it starts',
    });
  }
  if (databaseUrl === undefined || relevant.length > 0) {
    return fail(relevant.map(({ path, problem }) => `${path} ${problem}`).join('\n'));
  }
  try {
    const applied = await migrate(databaseUrl, MIGRATIONS);
    say(
      applied.length === 0
        ? 'The database is up to date.'
        : `Applied to the database: ${applied.join(', ')}.`,
    );
    if (redisUrl === undefined) {
      const store = new PostgresStore(databaseUrl);
      try {
        await store.migrate();
      } finally {
        await store.close();
      }
      say("The queue's schema is up to date.");
    }
  } catch (error) {
    fail(`The database could not be migrated: ${messageOf(error)}`);
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(text: string): void {
  process.stderr.write(`${withoutUserinfo(text)}\n`);
  process.exitCode = 1;
}

/** For a name with several addresses, Node throws an AggregateError without a message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
