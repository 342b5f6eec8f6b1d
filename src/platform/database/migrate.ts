import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { statement, type Connection } from './statement.js';

/** The directory of the migrations. */
export const MIGRATIONS = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

/** The table in which Prisma Migrate keeps its record, to the letter: `prisma migrate deploy` reads it afterwards. */
const RECORD = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;
const HAS_RECORD = statement<never, { exists: boolean }>(
  `SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS exists`,
);
/** The advisory lock that Prisma Migrate takes: of several processes that start at once, one migrates. */
const LOCK = 72_707_369;

const WAIT_FOR_LOCK = statement<'lock'>('SELECT pg_advisory_lock(:lock)');
const READ_RECORD = statement<never, { migration_name: string; checksum: string; finished_at: Date | null }>(
  'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
);
const NOTE_START = statement<'id' | 'checksum' | 'name'>(
  'INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES (:id, :checksum, :name)',
);
const NOTE_FAILURE = statement<'id' | 'logs'>('UPDATE "_prisma_migrations" SET logs = :logs WHERE id = :id');
const NOTE_END = statement<'id'>(
  'UPDATE "_prisma_migrations" SET finished_at = now(), applied_steps_count = 1 WHERE id = :id',
);

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Applies new migrations of `directory`, each in its own transaction, and records them as `prisma migrate deploy` does; the Prisma CLI is not needed.
 *
 * @returns the names of the applied migrations.
 * @throws Error if an earlier migration failed half-way or was changed after it was applied.
 */
export async function migrate(connectionString: string, directory: string): Promise<string[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await WAIT_FOR_LOCK.run(client, { lock: LOCK });
    await client.query(RECORD);
    const applied: string[] = [];
    const done = await readRecord(client);
    for (const migration of readMigrations(directory)) {
      const checksum = done.get(migration.name);
      if (checksum === migration.checksum) continue;
      if (checksum !== undefined) {
        throw new Error(`Migration ${migration.name} was changed after it had been applied.`);
      }
      await apply(client, migration);
      applied.push(migration.name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

/**
 * The migrations of `directory` that are not applied yet; nothing is changed.
 *
 * @throws Error if an earlier migration failed half-way.
 */
export async function pendingMigrations(client: pg.ClientBase, directory: string): Promise<string[]> {
  const [record] = await HAS_RECORD.rows(client, {});
  const done = record?.exists ? await readRecord(client) : new Map<string, string>();
  return readMigrations(directory).flatMap(({ name }) => (done.has(name) ? [] : [name]));
}

/** Numbers of migrations that are applied and missing, and the last applied one. */
export interface MigrationState {
  readonly applied: number;
  readonly missing: number;
  readonly last: string | null;
}

/** @throws Error if an earlier migration failed half-way. */
export async function migrationState(connection: Connection): Promise<MigrationState> {
  const names = [...(await readRecord(connection)).keys()].toSorted();
  const missing = readMigrations(MIGRATIONS).filter(({ name }) => !names.includes(name));
  return { applied: names.length, missing: missing.length, last: names.at(-1) ?? null };
}

async function readRecord(client: Connection): Promise<Map<string, string>> {
  const rows = await READ_RECORD.rows(client, {});
  const failed = rows.find((row) => row.finished_at === null);
  if (failed) {
    throw new Error(
      `Migration ${failed.migration_name} failed before. Repair the database, then delete its row from ` +
        '_prisma_migrations to have it applied again.',
    );
  }
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function readMigrations(directory: string): Migration[] {
  return readdirSync(directory)
    .sort()
    .map((name) => ({ name, file: path.join(directory, name, 'migration.sql') }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => {
      const sql = readFileSync(file, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID();
  await NOTE_START.run(client, { id, checksum, name });
  try {
    await client.query(sql); // several statements in one query run in one transaction
  } catch (error) {
    await NOTE_FAILURE.run(client, { id, logs: String(error) });
    throw error;
  }
  await NOTE_END.run(client, { id });
}
