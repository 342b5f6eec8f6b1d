import path from 'node:path';
import pg from 'pg';
import { MIGRATIONS, pendingMigrations } from '../../../platform/database/migrate.js';
import { runningEmbeddedUrl } from '../../../platform/embedded/embedded-postgres.js';
import { messageOf } from '../unreachable.js';
import { fault, ok, warning, type Finding, type Patient } from './finding.js';

const SUBJECT = 'postgresql';
const TIMEOUT_MS = 5_000;
/** Oldest version with security updates. */
const MIN_MAJOR = 14;
/** Clocks that differ more make lifetimes and claims inexact. */
const MAX_CLOCK_DIFFERENCE_MS = 2_000;

/** Reachability, version, migrations and clock of the database; nothing is changed. */
export async function checkPostgres({ settings }: Pick<Patient, 'settings'>): Promise<Finding[]> {
  const url = settings.databaseUrl ?? runningEmbeddedUrl(path.resolve(settings.dataDir, 'postgres'));
  if (url === undefined) return [ok(SUBJECT, 'The embedded database starts with the gateway.')];
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    application_name: 'bellhop-doctor',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await examine(client);
  } catch (error) {
    const text = `The database cannot be used (${messageOf(error)}): nothing is accepted or sent.`;
    return [
      fault(SUBJECT, text, 'Start PostgreSQL, and compare DATABASE_URL with its address, user and database.'),
    ];
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function examine(client: pg.Client): Promise<Finding[]> {
  const askedAt = Date.now();
  const { rows } = await client.query<{ version: string; now: Date; read_only: string }>(
    `SELECT current_setting('server_version') AS version, clock_timestamp() AS now,
       current_setting('transaction_read_only') AS read_only`,
  );
  const [row] = rows;
  if (!row) return [];
  const difference = Math.round(row.now.getTime() - (askedAt + Date.now()) / 2);
  return [
    ...versionOf(row.version),
    ...(row.read_only === 'on' ? [READ_ONLY] : []),
    ...(await migrationsOf(client)),
    ...clockOf(difference),
  ];
}

const READ_ONLY = fault(
  SUBJECT,
  'The database is read-only, such as a standby: nothing can be stored.',
  'Let DATABASE_URL name the primary.',
);

function versionOf(version: string): Finding[] {
  if (Number.parseInt(version, 10) >= MIN_MAJOR) return [ok(SUBJECT, `Version ${version} answers.`)];
  return [fault(SUBJECT, `Version ${version} is too old.`, `Upgrade to PostgreSQL ${MIN_MAJOR} or newer.`)];
}

async function migrationsOf(client: pg.Client): Promise<Finding[]> {
  try {
    const pending = await pendingMigrations(client, MIGRATIONS);
    if (pending.length === 0) return [ok(`${SUBJECT} migrations`, 'All are applied.')];
    const text = `${pending.length} are not applied, from ${pending[0]} on. A gateway applies them when it starts.`;
    return [warning(`${SUBJECT} migrations`, text, 'Start the gateway, or run `bellhop migrate` before.')];
  } catch (error) {
    const fix = 'Repair the database as the message says, or restore a backup.';
    return [fault(`${SUBJECT} migrations`, messageOf(error), fix)];
  }
}

/** @param differenceMs the database's clock minus ours. */
function clockOf(differenceMs: number): Finding[] {
  const subject = `${SUBJECT} clock`;
  const seconds = Math.abs(differenceMs) / 1_000;
  if (Math.abs(differenceMs) <= MAX_CLOCK_DIFFERENCE_MS)
    return [ok(subject, 'It agrees with that of this machine.')];
  const text = `It is ${seconds.toFixed(1)} s ${differenceMs > 0 ? 'ahead of' : 'behind'} that of this machine: retries and lifetimes are off by as much.`;
  return [warning(subject, text, 'Run NTP on both machines.')];
}
