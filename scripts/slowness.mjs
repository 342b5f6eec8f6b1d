import { execFile } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What the probe takes on one core of a fast machine at rest, in ms. */
const REFERENCE_MS = 150;
const ROUNDS = 5;
/** Cores that the tests are written for. */
const CORES = 2;

const FILE = fileURLToPath(import.meta.url);

/**
 * Measures how much slower this machine is now than a fast one at rest: its cores, their number, and whatever else
 * keeps them busy. Takes about a second.
 *
 * @returns {Promise<number>} 1 or more
 */
export async function measureSlowness() {
  const cores = Math.min(CORES, os.availableParallelism());
  // A process for each core: this program with nothing but the probe to run.
  const probes = Array.from({ length: cores }, () => promisify(execFile)(process.execPath, [FILE]));
  const tookMs = (await Promise.all(probes)).map(({ stdout }) => Number(stdout));
  return Math.max(1, (Math.max(...tookMs) / REFERENCE_MS) * (CORES / cores));
}

/** @returns {number} the median of several rounds, in ms */
function probe() {
  const tookMs = Array.from({ length: ROUNDS }, () => {
    const startedAt = performance.now();
    pbkdf2Sync('password', 'salt', 500_000, 32, 'sha256');
    return performance.now() - startedAt;
  });
  return tookMs.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

if (process.argv[1] === FILE) console.log(probe());
