import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { identityOf } from '../processes/process-identity.js';

/** Another gateway is running on the same data directory. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
}

/**
 * Locks a data directory for this process.
 *
 * The lock records the process and its start time, so that the lock of a killed process never blocks the next start,
 * even if its pid has been reused.
 *
 * @returns a function that releases the lock.
 * @throws DataDirectoryInUse while another process holds it.
 */
export function lockDataDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, 'bellhop.lock');
  const mine = identityOf(process.pid);
  const holder = readHolder(file);
  if (holder !== undefined && holder !== mine && identityOf(pidOf(holder)) === holder) {
    throw new DataDirectoryInUse(
      `The data directory ${path.resolve(directory)} is in use by another gateway (process ${pidOf(holder)}). ` +
        'Stop it, or set DATA_DIR to another directory.',
    );
  }
  rmSync(file, { force: true });
  // wx: fails if another process creates it at the same moment.
  writeFileSync(file, mine, { flag: 'wx' });
  return () => {
    if (readHolder(file) === mine) rmSync(file, { force: true });
  };
}

function readHolder(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const pidOf = (identity: string): number => Number(identity.split(' ')[0]);
