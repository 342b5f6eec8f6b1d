import { execFile } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Duration of the probe in ms on one core of a fast idle machine. */
const REFERENCE_MS = 150;
const ROUNDS = 5;
/** Cores that the tests are written for. */
const CORES = 2;

const FILE = fileURLToPath(import.meta.url);

/**
 * Measures how much slower this machine is now than a fast idle one: speed and number of its cores, and their load.
 * Takes about a second.
 *
 * @returns {Promise<number>} 1 or more
 */
export async function measureSlowness() {
  const cores = Math.min(CORES, os.availableParallelism());
  // One process per core runs this program with only the probe.
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
