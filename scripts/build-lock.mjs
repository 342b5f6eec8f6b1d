import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOCK = path.resolve(import.meta.dirname, '../.build-lock');
const POLL_MS = 100;
/** Longer than any build: the holder was killed, and its process id belongs to another process now. */
const STALE_AFTER_MS = 300_000;

/**
 * Builds while no other process builds in this directory.
 *
 * @template T
 * @param {() => Promise<T>} build
 */
export async function withBuildLock(build) {
  while (!take()) {
    if (isLeftBehind()) rmSync(LOCK, { force: true });
    else await sleep(POLL_MS);
  }
  try {
    return await build();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** @returns {boolean} whether this process holds the lock now */
function take() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @returns {boolean} whether the process that holds the lock was killed */
function isLeftBehind() {
  try {
    if (Date.now() - statSync(LOCK).mtimeMs > STALE_AFTER_MS) return true;
    const holder = Number(readFileSync(LOCK, 'utf8'));
    // Empty between the creation of the file and its first write.
    if (holder > 0) process.kill(holder, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}
