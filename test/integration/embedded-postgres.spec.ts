import { rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  runningEmbeddedUrl,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/embedded/embedded-postgres.js';
import { temporaryDirectory } from '../support/process.js';

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let directory: string;
let server: EmbeddedPostgres;
beforeAll(async () => {
  home = await temporaryDirectory();
  directory = path.join(home.path, 'postgres');
  server = await startEmbeddedPostgres(directory);
});
afterAll(async () => {
  await server.stop();
  await home.remove();
});

async function ask(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) ({ rows } = await client.query<object>(statement));
    return rows;
  } finally {
    await client.end();
  }
}
/** The same URL with a wrong password. */
const guessing = (url: string): string => url.replace(/:[^:@/]+@/, ':guess@');

describe('the embedded PostgreSQL', () => {
  it('accepts only passwords, on a socket in a private directory', async () => {
    expect(new URL(server.url).searchParams.get('host')).toBe(directory);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(await ask(server.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    for (const url of [server.url, server.superuserUrl]) {
      await expect(ask(guessing(url), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    }
    expect(runningEmbeddedUrl(directory)).toBe(server.url);
  });

  it('gives the gateway a role that owns its database and nothing else', async () => {
    const own = 'SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user';
    expect(await ask(server.url, own)).toEqual([
      { rolsuper: false, rolcreaterole: false, rolcreatedb: false },
    ]);
    await ask(
      server.url,
      'CREATE SCHEMA bullmq',
      'CREATE TABLE bullmq.one (id int)',
      'CREATE TABLE two (id int)',
    );
    await expect(ask(server.url, `SELECT pg_read_file('/etc/passwd')`)).rejects.toMatchObject({
      code: '42501',
    });
    await expect(ask(server.url, `COPY two FROM PROGRAM 'id'`)).rejects.toMatchObject({ code: '42501' });
  });

  it('takes over the data of an earlier version, which trusted every local connection', async () => {
    await ask(
      server.superuserUrl,
      'CREATE SCHEMA older',
      `CREATE TYPE older.mood AS ENUM ('good')`,
      'CREATE TABLE older.kept (id serial PRIMARY KEY, mood older.mood)',
      'CREATE SEQUENCE older.counter',
      'CREATE FUNCTION older.one() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
      `INSERT INTO older.kept (mood) VALUES ('good')`,
    );
    await server.stop();
    await rm(path.join(directory, 'bellhop-access.json'));
    await writeFile(
      path.join(directory, 'pg_hba.conf'),
      'host all all 127.0.0.1/32 trust\nlocal all all trust\n',
    );
    server = await startEmbeddedPostgres(directory);
    const kept = await ask(
      server.url,
      'ALTER TABLE older.kept ADD note text',
      `ALTER TYPE older.mood ADD VALUE 'bad'`,
      `SELECT nextval('older.counter')`,
      'CREATE OR REPLACE FUNCTION older.one() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$',
      'ALTER TABLE two ADD note text',
      'SELECT id, mood, note, older.one() FROM older.kept',
    );
    expect(kept).toEqual([{ id: 1, mood: 'good', note: null, one: 2 }]);
    await expect(ask(guessing(server.superuserUrl), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('listens on loopback with a TCP port, and requires the password there too', async () => {
    await server.stop();
    server = await startEmbeddedPostgres(directory, { tcpPort: 0 });
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    expect(await ask(server.url, 'SELECT count(*)::int AS count FROM older.kept')).toEqual([{ count: 1 }]);
    await expect(ask(guessing(server.superuserUrl), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(runningEmbeddedUrl(directory)).toBe(server.url);
  });
});
