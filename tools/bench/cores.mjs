import os from 'node:os';
import { median } from './runs.mjs';
import { cpuSeconds, serverCpuSeconds, treeCpuSeconds } from '../stage/cpu.mjs';
import { now } from '../stage/clock.mjs';

/**
 * Cores in use, by program.
 *
 * @typedef {Record<string, number>} Cores
 */

/**
 * Measures which programs use the machine's cores during `use`.
 *
 * @template T
 * @param {object} programs
 * @param {import('../stage/gateway.mjs').Gateway} programs.gateway its first process is the api, all others are workers
 * @param {number} programs.postgres first process of the server
 * @param {Pick<import('./bench.mjs').Bench, 'vendor' | 'load'>} programs.bench
 * @param {() => Promise<T>} use
 * @returns {Promise<{ result: T, cores: Cores }>}
 */
export async function coresDuring({ gateway, postgres, bench }, use) {
  const used = async () => {
    const api = treeCpuSeconds(gateway.pids[0] ?? 0);
    return {
      api,
      workers: gateway.cpuSeconds - api,
      Redis: await gateway.queues.cpuSeconds(),
      PostgreSQL: serverCpuSeconds(postgres),
      'the vendor stand-in': cpuSeconds(bench.vendor.pid),
      'the load generator': cpuSeconds(bench.load.child.pid ?? 0),
    };
  };
  const before = await used();
  const startedAt = now();
  const result = await use();
  const seconds = (now() - startedAt) / 1_000;
  return { result, cores: coresBetween(before, await used(), seconds) };
}

/**
 * @param {Readonly<Record<string, number>>} before CPU seconds by program
 * @param {Readonly<Record<string, number>>} after
 * @param {number} seconds
 * @returns {Cores}
 */
export const coresBetween = (before, after, seconds) =>
  Object.fromEntries(
    Object.entries(after).map(([who, used]) => [who, (used - (before[who] ?? 0)) / seconds]),
  );

/** A note on the use of cores. @param {string} title @param {readonly { cores: Cores }[]} runs */
export function usage(title, runs) {
  const names = Object.keys(runs[0]?.cores ?? {});
  const medians = names.map((who) => [who, median(runs.map((run) => run.cores[who] ?? Number.NaN))]);
  const total = medians.reduce((sum, [, value]) => sum + Number(value), 0);
  const each = medians.map(([who, value]) => `${who} ${Number(value).toFixed(2)}`).join(', ');
  return `${title}: ${total.toFixed(2)} of ${os.cpus().length} cores in use (${each}).`;
}
