import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { Ledger } from '../../../src/deliveries/ledger.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { migrate } from '../../../src/platform/database/migrate.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { prismaOn } from '../../support/database.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';

let postgres: TestPostgres;
let url: string;
let sql: pg.Pool;
/** The migrations before partitions were introduced, plus later columns and tables that a plan uses today. */
let earlier: string;
beforeAll(async () => {
  postgres = await startPostgres();
  earlier = await mkdtemp(path.join(os.tmpdir(), 'bellhop-migrations-'));
  for (const name of (await readdir(MIGRATIONS)).filter(isEarlier)) {
    await cp(path.join(MIGRATIONS, name), path.join(earlier, name), { recursive: true });
  }
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${DATABASE}`);
  await client.end();
  const databaseUrl = new URL(postgres.url);
  databaseUrl.pathname = `/${DATABASE}`;
  url = databaseUrl.href;
  sql = new pg.Pool({ connectionString: url });
  sql.on('error', () => undefined);
});
afterAll(async () => {
  await sql.end();
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`DROP DATABASE ${DATABASE} WITH (FORCE)`);
  await client.end();
  await rm(earlier, { recursive: true });
  await postgres.close();
});

it('migrates a ledger to partitions while other processes write, and drops the old table once it has expired', async () => {
  await migrate(url, earlier);
  const now = Date.now();
  const [old, recent] = [await planAt(now - 20 * DAY_MS), await planAt(now)];
  expect(await stateOf(recent)).toBe('claimed');

  // A long reader such as a backup delays the migration and blocks nothing else.
  const reader = await sql.connect();
  await reader.query('BEGIN; LOCK TABLE notification IN ACCESS SHARE MODE');
  const migrated = migrate(url, MIGRATIONS);
  const meanwhile = await Promise.all([planAt(now), planAt(now + 1)]);
  await reader.query('COMMIT');
  reader.release();
  const later = (await readdir(MIGRATIONS)).filter((name) => /^\d{4}_/.test(name) && !isEarlier(name));
  expect(await migrated).toEqual(later.toSorted());
  expect(await migrate(url, MIGRATIONS)).toEqual([]);

  const late = await planAt(now + 5 * DAY_MS);
  expect(await Promise.all([old, recent, ...meanwhile, late].map(partitionOf))).toEqual([
    'delivery_before',
    'delivery_before',
    'delivery_before',
    'delivery_before',
    'delivery_default',
  ]);
  expect(await Promise.all([old, recent, ...meanwhile, late].map(stateOf))).toEqual([
    'claimed',
    'busy',
    'claimed',
    'claimed',
    'claimed',
  ]);
  // Until then expired rows are deleted from the old table.
  expect((await ledger().prune(new Date(now - 10 * DAY_MS))).notifications).toBe(1);
  expect([await stateOf(old), await stateOf(recent)]).toEqual(['missing', 'busy']);

  const { partitions } = await ledger().prune(new Date(now + 3 * DAY_MS));
  expect(partitions).toEqual({
    done: ['notification_before', 'attempt_before', 'delivery_before'],
    postponed: [],
  });
  expect([await stateOf(recent), await stateOf(late)]).toEqual(['missing', 'busy']);
});

const MIGRATIONS = path.resolve('prisma/migrations');
const DAY_MS = 86_400_000;
const DATABASE = `before_partitions_${process.pid}`;
const USED_BY_PLAN = new Set([
  '0011_delivery_session',
  '0017_request_fingerprint',
  '0018_story',
  '0022_erased_user',
]);
const isEarlier = (name: string): boolean => name < '0006' || USED_BY_PLAN.has(name);

const ledger = (): Ledger => new Ledger(sql, prismaOn(sql), Object.assign(new GatewayConfig(), { apps: [] }));

async function planAt(atMs: number): Promise<string> {
  const deliveryId = newId(atMs);
  const address = { transport: 'fcm', token: 'a-token', platform: 'fcm_android' } as const;
  const accepted = {
    id: newId(atMs),
    appId: 'app123',
    channel: 'push',
    kind: 'chat',
    uid: 'ann',
    receivedAt: new Date(atMs),
    content: '{}',
    expiresAt: new Date(Date.now() + DAY_MS),
  } as const;
  const delivery = { id: deliveryId, provider: 'default', kind: 'fcm', deviceId: null, address };
  await ledger().plan(accepted, { deliveries: [delivery] });
  return deliveryId;
}
const stateOf = async (deliveryId: string): Promise<string> => (await ledger().claim(deliveryId)).state;
const partitionOf = async (deliveryId: string): Promise<string | undefined> =>
  (
    await sql.query<{ name: string }>('SELECT tableoid::regclass::text AS name FROM delivery WHERE id = $1', [
      deliveryId,
    ])
  ).rows[0]?.name;
