import { checkQueued } from '../../stage/checks.mjs';
import { withGateway } from '../../stage/gateway.mjs';

const PER = 100_000;
const BYTES_PER_MB = 1e6;

/**
 * Memory of Redis for waiting notifications, including their dedupe keys.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function memory({ options, postgresUrl, vendor, load }) {
  const { waiting: count } = options;
  return withGateway({ postgresUrl, vendorUrl: vendor.url }, async ({ url, people, queues }) => {
    // Warm-up: connections and scripts are not measured.
    await load.post({ url, people, connections: 50, count: 1_000 });
    await queues.clear();
    const before = await queues.usedMemory();
    const posted = await load.post({ url, people, connections: 50, count });
    await checkQueued(posted, queues);
    const bytes = (await queues.usedMemory()) - before;
    const many = count.toLocaleString('en');
    return {
      figures: [
        {
          name: `Redis, for ${PER.toLocaleString('en')} waiting notifications`,
          values: [(bytes / BYTES_PER_MB / count) * PER],
          unit: 'MB',
          goal: { atMost: 190 },
        },
      ],
      notes: [
        `Memory: measured once, as it does not vary, with ${many} notifications; includes fixed costs such as the event stream.`,
      ],
    };
  });
}
