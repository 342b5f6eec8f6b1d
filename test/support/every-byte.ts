import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import type pg from 'pg';

/** Where the gateway of a test stores things. */
export interface Stores {
  readonly sql: pg.Pool;
  /** Undefined: the queue is on PostgreSQL. */
  readonly redis: Redis | undefined;
  readonly spoolDir: string;
}

/** Every place in a gateway's stores that contains one of these strings: tables, Redis keys and files. */
export async function placesOf(
  needles: readonly string[],
  { sql, redis, spoolDir }: Stores,
): Promise<string[]> {
  const found = await Promise.all([
    placesInTables(needles, sql),
    redis ? placesInRedis(needles, redis) : [],
    placesInFiles(needles, spoolDir),
  ]);
  return found.flat();
}

async function placesInTables(needles: readonly string[], sql: pg.Pool): Promise<string[]> {
  const { rows: tables } = await sql.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const places: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql.query<{ row: string }>(
      `SELECT t::text AS row FROM ${name} t WHERE t::text ILIKE ANY ($1)`,
      [needles.map((needle) => `%${needle}%`)],
    );
    places.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return places;
}

async function placesInRedis(needles: readonly string[], redis: Redis): Promise<string[]> {
  const places: string[] = [];
  for (const key of await redis.keys('*')) {
    const value = `${key} ${JSON.stringify(await valueOf(redis, key))}`;
    if (needles.some((needle) => value.includes(needle))) places.push(value);
  }
  return places;
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return redis.get(key);
  }
}

async function placesInFiles(needles: readonly string[], directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  const contents = await Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })));
  return contents
    .filter(({ bytes }) => needles.some((needle) => bytes.includes(needle)))
    .map(({ file }) => file);
}
