import { readdirSync, readFileSync } from 'node:fs';

/** What Linux counts in, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * The processor time that a process has used, in seconds; its own and the system's for it.
 *
 * @param {number} pid
 * @param {{ withEnded?: boolean }} [options] withEnded: that of its children that have ended, too
 * @returns {number} NaN where there is no /proc
 */
export function cpuSeconds(pid, { withEnded = false } = {}) {
  try {
    // Behind the name, which may hold anything, the 12th to 15th field are utime, stime, cutime and cstime.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
    const ticks = fields.slice(11, withEnded ? 15 : 13).map(Number);
    return ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

/**
 * The same for a PostgreSQL server with all of its processes.
 *
 * @param {number} backend the process of one of its connections
 */
export function postgresCpuSeconds(backend) {
  const server = parentOf(backend);
  if (server === undefined) return Number.NaN;
  const children = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && parentOf(Number(name)) === server,
  );
  return children.reduce(
    (sum, pid) => {
      const seconds = cpuSeconds(Number(pid));
      return Number.isNaN(seconds) ? sum : sum + seconds; // It has ended meanwhile, and is counted by its parent.
    },
    cpuSeconds(server, { withEnded: true }),
  );
}

/** @param {number} pid @returns {number | undefined} */
function parentOf(pid) {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /, '')
        .split(' ')[1],
    );
  } catch {
    return undefined;
  }
}
