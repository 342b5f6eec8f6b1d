import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { identityOf } from '../processes/process-identity.js';

/** Another gateway is running on the same data directory. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
}

/**
 * Takes a data directory for this process alone.
 *
 * The lock names the process and the moment it started, so that a lock which a killed process left behind never
 * stops the next start, even where the operating system has given its number to somebody else.
 *
 * @returns a function that gives the directory back.
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
  // wx: of two processes that start at the same moment one fails here.
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
