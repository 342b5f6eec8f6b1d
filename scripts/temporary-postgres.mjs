import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import './typescript/register.mjs';

/** Spec files run at the same time, each with up to three gateways of 40 connections. */
const MAX_CONNECTIONS = 500;

/**
 * Runs the embedded PostgreSQL on an empty data directory during `use`, then deletes it.
 *
 * @template T
 * @param {(url: string) => Promise<T>} use receives the superuser's connection string of an empty database.
 * @param {{ survivesPowerCut?: boolean }} [options] false: commits do not wait for the disk.
 * @returns {Promise<T>}
 */
export async function withTemporaryPostgres(use, { survivesPowerCut = true } = {}) {
  const { startEmbeddedPostgres } = await import('../src/platform/embedded/embedded-postgres.js');
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-postgres-'));
  try {
    const server = await startEmbeddedPostgres(directory, {
      maxConnections: MAX_CONNECTIONS,
      tcpPort: 0,
    });
    try {
      if (!survivesPowerCut) await forgoDurability(server.superuserUrl);
      return await use(server.superuserUrl);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Data still survives a killed process, but not a power cut. @param {string} url */
async function forgoDurability(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const setting of ['fsync', 'full_page_writes'])
      await client.query(`ALTER SYSTEM SET ${setting} = off`);
    await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end();
  }
}
