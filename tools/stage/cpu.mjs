import { readFileSync } from 'node:fs';
import { childrenOf, descendantsOf, parentOf } from './os-processes.mjs';

/** USER_HZ of Linux, on every architecture that Node.js supports. */
const TICKS_PER_SECOND = 100;

/**
 * User and system time of a process, in seconds.
 *
 * @param {number} pid
 * @param {{ withEnded?: boolean }} [options] withEnded: include its children that have ended
 * @returns {number} NaN without /proc
 */
export function cpuSeconds(pid, { withEnded = false } = {}) {
  try {
    // After the name, which may contain anything, fields 12 to 15 are utime, stime, cutime and cstime.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
    const ticks = fields.slice(11, withEnded ? 15 : 13).map(Number);
    return ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

/** User and system time of a process and all below it, those that have ended included, in seconds. @param {number} pid */
export const treeCpuSeconds = (pid) =>
  [pid, ...descendantsOf(pid)].reduce((sum, one) => {
    const seconds = cpuSeconds(one, { withEnded: true });
    return Number.isNaN(seconds) ? sum : sum + seconds; // Ended meanwhile: counted by its parent.
  }, 0);

/** User and system time of a PostgreSQL server with all its processes. @param {number} server its first process */
export const serverCpuSeconds = (server) =>
  childrenOf(server).reduce(
    (sum, pid) => {
      const seconds = cpuSeconds(pid);
      return Number.isNaN(seconds) ? sum : sum + seconds; // Ended meanwhile: counted by its parent.
    },
    cpuSeconds(server, { withEnded: true }),
  );

/** The same. @param {number} backend process id of one of its connections */
export const postgresCpuSeconds = (backend) => serverCpuSeconds(parentOf(backend) ?? 0);
