import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { runCommand } from '../../support/command.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { temporaryDirectory } from '../../support/process.js';

const MIGRATIONS = readdirSync('prisma/migrations').filter((name) => /^\d/.test(name));
const REDIS = { REDIS_URL: 'redis://127.0.0.1:1' };
/** Nothing listens there. */
const AWAY = 'postgresql://bellhop:secret-password@127.0.0.1:1/bellhop';

let postgres: TestPostgres;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  [postgres, directory] = await Promise.all([startPostgres(), temporaryDirectory()]);
});
afterAll(async () => {
  await postgres.close();
  await directory.remove();
});

const file = async (name: string, content: string): Promise<string> => {
  const at = path.join(directory.path, name);
  await writeFile(at, content);
  return at;
};

async function emptyDatabase(): Promise<string> {
  const name = `cli_${randomUUID().replaceAll('-', '')}`;
  await query(postgres.url, `CREATE DATABASE ${name}`);
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  return url.href;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<object>(sql);
  await client.end();
  return rows;
}

describe('bellhop migrate', () => {
  it('applies every migration once, and those of the queue on PostgreSQL', async () => {
    const url = await emptyDatabase();
    const first = await runCommand(['migrate', '--json'], { DATABASE_URL: url });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toEqual({ applied: MIGRATIONS, queue: 'postgres' });
    expect(await query(url, "SELECT to_regnamespace('bullmq')::text AS schema")).toEqual([
      { schema: 'bullmq' },
    ]);
    const again = await runCommand(['migrate'], { DATABASE_URL: url });
    expect(again.stdout).toBe("The database is up to date.\nThe queue's schema is up to date.\n");
  });

  it('leaves a queue on Redis alone', async () => {
    const url = await emptyDatabase();
    expect(await runCommand(['migrate'], { DATABASE_URL: url, ...REDIS })).toMatchObject({ code: 0 });
    expect(await query(url, "SELECT to_regnamespace('bullmq')::text AS schema")).toEqual([{ schema: null }]);
  });

  it.each([
    [{}, 1, /^DATABASE_URL is required/],
    [{ DATABASE_URL: 'mysql://x' }, 1, /^DATABASE_URL must be a URL/],
    [{ DATABASE_URL: AWAY }, 3, /^The database could not be migrated: .*ECONNREFUSED/],
  ])('says what is wrong with %j', async (env, code, problem) => {
    const end = await runCommand(['migrate'], env);
    expect(end).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(problem) });
    expect(end.stderr).not.toContain('secret-password');
  });

  it('takes no operands', async () => {
    expect(await runCommand(['migrate', 'now'], { DATABASE_URL: AWAY })).toMatchObject({ code: 2 });
  });
});

describe('bellhop import', () => {
  it('imports contacts, migrating the database first', async () => {
    const env = { DATABASE_URL: await emptyDatabase() };
    const contacts = await file('contacts.csv', 'uid,phno,name\nann,+14155550100,Ann\nbob,12,Bob\n');
    const end = await runCommand(['import', contacts, '--app', 'app123'], env);
    expect(end).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^contacts: 1 taken, 1 bad \(2 rows, [\d,]+\/s\)\n$/),
      stderr: expect.stringMatching(/^line 3: phno /),
    });
    expect(await query(env.DATABASE_URL, 'SELECT uid, phno FROM contact')).toEqual([
      { uid: 'ann', phno: '+14155550100' },
    ]);
  });

  it('counts devices as JSON', async () => {
    const lines = '{"uid":"ann","platform":"fcm_android","fcmToken":"t-1"}\n';
    const devices = await file('devices.ndjson', lines);
    const end = await runCommand(['import', devices, '--json'], { DATABASE_URL: postgres.url });
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(end.stdout)).toEqual({ kind: 'devices', rows: 1, taken: 1, bad: 0, isComplete: true });
  });

  it('says that it was interrupted', async () => {
    const devices = await file('devices.ndjson', '{"uid":"ann","platform":"fcm_android","fcmToken":"t"}\n');
    const end = await runCommand(['import', devices], { DATABASE_URL: postgres.url }, AbortSignal.abort());
    expect(end).toMatchObject({ code: 130, stdout: expect.stringContaining('run it again') });
  });

  it.each([
    [[], 2, 'The file is missing.'],
    [['contacts.txt'], 2, 'must end in .ndjson'],
    [['a.csv', 'b.csv'], 2, 'Only one'],
    [['a.csv', '--app'], 2, 'bellhop import --help'],
    [['missing.csv'], 1, 'ENOENT'],
  ])('refuses %j', async (args, code, problem) => {
    const end = await runCommand(['import', ...args], { DATABASE_URL: postgres.url });
    expect(end).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(problem) });
  });

  it('says that the database is away, without its password', async () => {
    const contacts = await file('contacts.csv', 'uid,phno,name\n');
    const end = await runCommand(['import', contacts], { DATABASE_URL: AWAY });
    expect(end).toMatchObject({ code: 3, stderr: expect.stringContaining('The import failed') });
    expect(end.stderr).not.toContain('secret-password');
  });
});

describe('bellhop config check', () => {
  const config = (apps: string): Promise<string> => file('bellhop.yaml', apps);
  const APP = `apps:
  - appId: app1
    region: us
    webhook: { basicAuth: [{ username: cometchat, password: secret-password }] }
    push: { providers: [{ id: default, type: sandbox }] }
`;

  it('prints what is in effect, without secrets', async () => {
    const env = { BELLHOP_CONFIG: await config(APP), SPOOL_DIR: directory.path, DATABASE_URL: AWAY };
    const end = await runCommand(['config', 'check', '--json'], env);
    expect(end).toMatchObject({ code: 0, stderr: expect.stringMatching(/^No fault in /) });
    expect(JSON.parse(end.stdout)).toMatchObject({
      faults: [],
      effective: {
        process: { databaseUrl: 'postgresql://127.0.0.1:1/bellhop', admin: { password: 'set' } },
        config: { apps: [{ appId: 'app1', webhook: { basicAuth: [{ password: 'set' }] } }] },
      },
    });
    expect(end.stdout).not.toContain('secret-password');
    const text = await runCommand(['config', 'check'], env);
    expect(text.stdout).toMatch(/^process:\n[\s\S]*\nconfig:\n/m);
    expect(text.stdout).not.toContain('secret-password');
  });

  it('names every fault of environment, file and vendors', async () => {
    const faulty = APP.replace('region: us', 'region: mars').replace(
      '{ id: default, type: sandbox }',
      "{ id: f, type: fcm, serviceAccount: '{}' }",
    );
    const env = { BELLHOP_CONFIG: await config(faulty), PORT: 'x', SPOOL_DIR: directory.path };
    const end = await runCommand(['config', 'check'], env);
    expect(end).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^3 fault\(s\) in the environment and /),
    });
    expect(end.stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^PORT /),
      expect.stringMatching(/^apps\[0\]\.region /),
      expect.stringMatching(/^apps\[0\]\.push\.providers\[0\] serviceAccount /),
    ]);
  });
});
