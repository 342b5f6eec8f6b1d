import os from 'node:os';

/**
 * Result of one run of a candidate.
 *
 * @typedef {object} Run
 * @property {number} perSecond
 * @property {number} cpuMicros CPU time of this process per item, in microseconds
 */

/**
 * Runs every candidate once to warm up, then `times` times, alternating, so that other load on the machine affects all
 * alike.
 *
 * @template T
 * @template R
 * @param {readonly T[]} candidates
 * @param {number} times
 * @param {(candidate: T) => Promise<R>} run
 * @returns {Promise<Map<T, R[]>>}
 */
export async function takeTurns(candidates, times, run) {
  /** @type {Map<T, R[]>} */
  const runs = new Map(candidates.map((candidate) => [candidate, []]));
  for (let turn = 0; turn <= times; turn++) {
    for (const candidate of candidates) {
      const result = await run(candidate);
      if (turn > 0) runs.get(candidate)?.push(result);
      process.stderr.write('.');
    }
  }
  process.stderr.write('\n');
  return runs;
}

/**
 * Runs `work` for every number below `count`, with at most `concurrency` at a time.
 *
 * @param {number} count
 * @param {number} concurrency
 * @param {(index: number) => Promise<unknown>} work
 * @returns {Promise<Run>}
 */
export async function measure(count, concurrency, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
  const tookMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (count / tookMs) * 1_000, cpuMicros: (user + system) / count };
}

/** @param {readonly number[]} values @returns {number} */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * A table of medians with the lowest and highest run.
 *
 * @param {ReadonlyMap<{ readonly name: string }, readonly Run[]>} runs the others are compared to the first
 * @returns {string}
 */
export function table(runs) {
  const rounded = (/** @type {number} */ value) => Math.round(value).toLocaleString('en');
  const base = median([...runs.values()][0]?.map(({ perSecond }) => perSecond) ?? []);
  const rows = [...runs].map(([{ name }, own]) => {
    const rates = own.map(({ perSecond }) => perSecond);
    const spread = `${rounded(Math.min(...rates))} to ${rounded(Math.max(...rates))}`;
    const cpu = rounded(median(own.map(({ cpuMicros }) => cpuMicros)));
    return [name, rounded(median(rates)), spread, (median(rates) / base).toFixed(2), `${cpu} µs`];
  });
  return aligned([['', 'per second', 'spread', 'ratio', 'CPU time each'], ...rows]);
}

/**
 * @param {readonly (readonly string[])[]} rows
 * @returns {string} the first column aligned left, the others right
 */
export function aligned(rows) {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

/** @returns {string} the machine and the version of Node.js */
export function machine() {
  const cpus = os.cpus();
  return `${cpus.length} cores (${cpus[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`;
}
