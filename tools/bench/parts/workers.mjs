import os from 'node:os';
import { ratios } from '../figures.mjs';
import { median, takeTurns } from '../runs.mjs';
import { cpuSeconds, postgresCpuSeconds } from '../../stage/cpu.mjs';
import { now } from '../../stage/clock.mjs';
import { withClient } from '../../stage/database.mjs';
import { deliver } from '../../stage/deliver.mjs';
import { withGateway } from '../../stage/gateway.mjs';

/**
 * Gain of a second worker process, and use of the machine's cores.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function workers({ options, postgresUrl, vendor, load }) {
  const stores = { postgresUrl, vendorUrl: vendor.url };
  return withGateway(stores, (one) =>
    withGateway(stores, (two) =>
      withClient(postgresUrl, async (client) => {
        const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
        const { pid } = /** @type {{ pid: number }} */ (rows[0]);
        for (const gateway of [one, two, two]) await gateway.start('worker');
        const runs = await takeTurns([one, two], options.turns, async (gateway) => {
          const used = async () => ({
            api: cpuSeconds(gateway.pids[0] ?? 0),
            workers: gateway.cpuSeconds - cpuSeconds(gateway.pids[0] ?? 0),
            Redis: await gateway.queues.cpuSeconds(),
            PostgreSQL: postgresCpuSeconds(pid),
            'the vendor stand-in': cpuSeconds(vendor.pid),
            'the load generator': cpuSeconds(load.child.pid ?? 0),
          });
          const before = await used();
          const startedAt = now();
          const { perSecond } = await deliver(gateway, { vendor, load }, options.deliveries);
          const seconds = (now() - startedAt) / 1_000;
          const after = await used();
          return { perSecond, cores: cores(before, after, seconds) };
        });
        const [alone = [], together = []] = runs.values();
        const rate = (/** @type {typeof alone} */ of) => of.map(({ perSecond }) => perSecond);
        return {
          figures: [
            { name: 'deliveries, one worker process', values: rate(alone), unit: '/s' },
            { name: 'deliveries, two worker processes', values: rate(together), unit: '/s' },
            { name: 'two worker processes : one', values: ratios(rate(together), rate(alone)), unit: '' },
          ],
          notes: [usage('One worker', alone), usage('Two workers', together)],
        };
      }),
    ),
  );
}

/**
 * @param {Record<string, number>} before
 * @param {Record<string, number>} after
 * @param {number} seconds
 */
const cores = (before, after, seconds) =>
  Object.fromEntries(
    Object.entries(after).map(([who, used]) => [who, (used - (before[who] ?? 0)) / seconds]),
  );

/** @param {string} title @param {readonly { cores: Record<string, number> }[]} runs */
function usage(title, runs) {
  const names = Object.keys(runs[0]?.cores ?? {});
  const medians = names.map((who) => [who, median(runs.map((run) => run.cores[who] ?? Number.NaN))]);
  const total = medians.reduce((sum, [, value]) => sum + Number(value), 0);
  const each = medians.map(([who, value]) => `${who} ${Number(value).toFixed(2)}`).join(', ');
  return `${title}: ${total.toFixed(2)} of ${os.cpus().length} cores in use (${each}).`;
}
