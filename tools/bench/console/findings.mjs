import { percentile } from '../../simulator/report.mjs';
import { aligned, median } from '../runs.mjs';

/**
 * Times that are compared with a goal by their p95.
 *
 * @typedef {object} Times
 * @property {string} name
 * @property {readonly number[]} ms
 * @property {number} goalMs
 */

export const FIRST_PAGE_MS = 1_500;
export const LIST_MS = 250;
/** Interval at which each process writes its tallies. */
const TALLIED_EVERY_S = 10;
/** `api` and `worker`. */
const PROCESSES = 2;
const HEAD = ['', 'median', 'p95', 'goal', ''];

/** @param {readonly number[]} ms */
const p95 = (ms) =>
  percentile(
    ms.toSorted((a, b) => a - b),
    0.95,
  );

/** @param {Times} times */
export const isFast = ({ ms, goalMs }) => p95(ms) < goalMs;

/** @param {number} ms */
const written = (ms) => `${Math.round(ms).toLocaleString('en')} ms`;

/** @param {readonly Times[]} all */
const rowsOf = (all) => [
  HEAD,
  ...all.map((times) => [
    times.name,
    written(median(times.ms)),
    written(p95(times.ms)),
    `< ${written(times.goalMs)}`,
    isFast(times) ? 'met' : 'missed',
  ]),
];

/** @param {readonly Times[]} all */
export const timeTable = (all) => aligned(rowsOf(all));

/** @param {readonly Times[]} all @returns {string} the table in Markdown */
export function markdownTimes(all) {
  const [head = [], ...rows] = rowsOf(all);
  return [head, ['---', '---:', '---:', '---:', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/**
 * Cost of the tallies per delivery.
 *
 * @param {import('./tallies.mjs').TallyCost} cost
 * @param {import('../runs.mjs').Run} delivered deliveries per second, and CPU time of the gateway for each
 * @returns {import('../figures.mjs').Figure[]}
 */
export function tallyFigures({ gatewayMs, postgresMs, countMicros }, { perSecond, cpuMicros }) {
  const perDelivery = ((gatewayMs + postgresMs) * 1_000 * PROCESSES) / (perSecond * TALLIED_EVERY_S);
  const share = (perDelivery / cpuMicros) * 100;
  return [
    { name: 'tallies: CPU time of a write, gateway', values: [gatewayMs], unit: 'ms' },
    { name: 'tallies: CPU time of a write, PostgreSQL', values: [postgresMs], unit: 'ms' },
    { name: 'tallies: CPU time of the writes per delivery', values: [perDelivery], unit: 'µs' },
    { name: 'that, of the CPU time of a delivery', values: [share], unit: '%', goal: { atMost: 1 } },
    { name: 'counters of `/metrics` that they read, per delivery', values: [countMicros], unit: 'µs' },
  ];
}
