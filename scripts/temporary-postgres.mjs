import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import './typescript/register.mjs';

/** Spec files run at the same time, each with up to three gateways of 40 connections. */
const MAX_CONNECTIONS = 500;

/**
 * Runs the embedded PostgreSQL on an empty data directory for as long as `use` takes, and leaves nothing behind.
 *
 * @template T
 * @param {(url: string) => Promise<T>} use takes the connection string of an empty database, as its superuser.
 * @returns {Promise<T>}
 */
export async function withTemporaryPostgres(use) {
  const { startEmbeddedPostgres } = await import('../src/platform/embedded/embedded-postgres.js');
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-postgres-'));
  try {
    const server = await startEmbeddedPostgres(directory, MAX_CONNECTIONS);
    try {
      return await use(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
