import { takeTurns } from '../runs.mjs';
import { deliver } from '../../stage/deliver.mjs';
import { withEmbeddedGateway } from '../../stage/embedded-gateway.mjs';

/**
 * Webhooks delivered to the vendor per second by the embedded default, and their CPU time.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function embedded({ options, vendor, load }) {
  const { deliveries: count, turns } = options;
  return withEmbeddedGateway(vendor.url, async (gateway) => {
    const runs = await takeTurns([gateway], turns, async () => {
      const before = gateway.postgresCpuSeconds;
      const { perSecond, cpuMs, deliveries } = await deliver(gateway, { vendor, load }, count);
      const postgresMs = ((gateway.postgresCpuSeconds - before) / deliveries) * 1_000;
      return { perSecond, cpuMs, postgresMs };
    });
    const own = runs.get(gateway) ?? [];
    return {
      figures: [
        {
          name: 'embedded default: deliveries, webhook to vendor',
          values: own.map(({ perSecond }) => perSecond),
          unit: '/s',
          goal: { atLeast: 600 },
        },
        {
          name: 'embedded default: CPU time of the process per delivery',
          values: own.map(({ cpuMs }) => cpuMs),
          unit: 'ms',
        },
        {
          name: 'embedded default: CPU time of PostgreSQL per delivery',
          values: own.map(({ postgresMs }) => postgresMs),
          unit: 'ms',
        },
      ],
      notes: [
        `Embedded default: one process as \`npm start\` runs it, which starts its own PostgreSQL and has the queue on it; ${count.toLocaleString('en')} deliveries per run, all settings at their defaults.`,
      ],
    };
  });
}
