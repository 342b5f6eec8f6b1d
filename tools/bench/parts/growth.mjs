import { ratios } from '../figures.mjs';
import { takeTurns } from '../runs.mjs';
import { acknowledgedOf, checkQueued } from '../../stage/checks.mjs';
import { deliver } from '../../stage/deliver.mjs';
import { withGateway } from '../../stage/gateway.mjs';

const SMALL = 1_000;
/** Notification, delivery and attempt. */
const ROWS_EACH = 3;

/**
 * Rates with many users and a large ledger.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function growth({ options, postgresUrl, vendor, load }) {
  const { turns, runMs, deliveries, people, ledgerRows } = options;
  const sized = (/** @type {number} */ users, /** @type {number} */ rows) => ({
    postgresUrl,
    vendorUrl: vendor.url,
    people: users,
    pastNotifications: Math.ceil(rows / ROWS_EACH),
  });
  return withGateway(sized(SMALL, SMALL), (small) =>
    withGateway(sized(people, ledgerRows), async (large) => {
      const intake = await takeTurns([small, large], turns, async ({ url, people: users, queues }) => {
        const posted = await load.post({ url, people: users, connections: 50, durationMs: runMs });
        await checkQueued(posted, queues);
        await queues.clear();
        return acknowledgedOf(posted) / (posted.tookMs / 1_000);
      });
      await small.start('worker');
      await large.start('worker');
      const delivered = await takeTurns([small, large], turns, async (gateway) => {
        const { perSecond } = await deliver(gateway, { vendor, load }, deliveries);
        return perSecond;
      });
      const rates = (/** @type {typeof intake} */ runs) => ({
        of: runs.get(large) ?? [],
        against: runs.get(small) ?? [],
      });
      const webhooks = rates(intake);
      const sent = rates(delivered);
      const goal = { atLeast: 0.9 };
      const size = `${people.toLocaleString('en')} devices, ${ledgerRows.toLocaleString('en')} ledger rows`;
      return {
        figures: [
          { name: `webhooks with ${size}`, values: webhooks.of, unit: '/s' },
          {
            name: 'webhooks: that size : 1,000 of each',
            values: ratios(webhooks.of, webhooks.against),
            unit: '',
            goal,
          },
          { name: `deliveries with ${size}`, values: sent.of, unit: '/s' },
          {
            name: 'deliveries: that size : 1,000 of each',
            values: ratios(sent.of, sent.against),
            unit: '',
            goal,
          },
        ],
        notes: [],
      };
    }),
  );
}
