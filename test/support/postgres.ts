import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/platform/database/migrate.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.js';
import { until } from './until.js';

/** Maximum number of gateways started by a spec file. */
const MAX_CONNECTIONS = 300;

const MIGRATIONS = path.resolve('prisma/migrations');

export interface TestPostgres {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A real PostgreSQL with an empty, migrated database: a new database on the server of `TEST_DATABASE_URL` if set, so
 * that test files share a server; otherwise a new embedded server.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const postgres = await startEmptyPostgres();
  await migrate(postgres.url, MIGRATIONS);
  return postgres;
}

/** The same without the migrations. */
export function startEmptyPostgres(): Promise<TestPostgres> {
  const shared = process.env['TEST_DATABASE_URL'];
  return shared ? createDatabase(shared) : startServer();
}

async function createDatabase(server: string): Promise<TestPostgres> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const run = async (statement: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      return (await client.query<object>(statement)).rows;
    } finally {
      await client.end();
    }
  };
  const connected = (): Promise<unknown[]> =>
    run(
      `SELECT application_name, state, query FROM pg_stat_activity
       WHERE datname = '${name}' AND backend_type = 'client backend'`,
    );
  await run(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    close: async () => {
      // Closed connections may still exist on the server, which would send them an error when it terminates them.
      await until(async () => (await connected()).length === 0, connected);
      await run(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function startServer(): Promise<TestPostgres> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-postgres-'));
  const server = await startEmbeddedPostgres(path.join(directory, 'data'), {
    maxConnections: MAX_CONNECTIONS,
    tcpPort: 0,
  });
  return {
    url: server.superuserUrl,
    close: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
