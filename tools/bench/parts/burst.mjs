import { takeTurns } from '../runs.mjs';
import { checkQueued, refusedOf } from '../../stage/checks.mjs';
import { withGateway } from '../../stage/gateway.mjs';

const CONNECTIONS = 500;
const AT_ONCE = 1_000;

/**
 * How long an answer takes when very much comes at once. CometChat waits for 2 s.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function burst({ options, postgresUrl, vendor, load }) {
  return withGateway({ postgresUrl, vendorUrl: vendor.url }, async ({ url, people, queues }) => {
    const orders = [
      { connections: CONNECTIONS, durationMs: options.runMs },
      { count: AT_ONCE, everyMs: 0 },
    ];
    const runs = await takeTurns(orders, options.turns, async (order) => {
      const posted = await load.post({ url, people, ...order });
      await checkQueued(posted, queues);
      await queues.clear();
      return posted;
    });
    const [flatOut = [], atOnce = []] = runs.values();
    return {
      figures: [
        {
          name: `webhooks, ${CONNECTIONS} connections flat out: p99 of an answer`,
          values: flatOut.map(({ answeredInMs }) => answeredInMs.p99),
          unit: 'ms',
          goal: { atMost: 250 },
        },
        {
          name: `${AT_ONCE} at once on fresh connections: last answer`,
          values: atOnce.map(({ tookMs }) => tookMs),
          unit: 'ms',
          goal: { atMost: 500 },
        },
        {
          name: 'of both, not answered 200',
          values: flatOut.map((posted, run) => refusedOf(posted) + refusedOf(atOnce[run] ?? posted)),
          unit: '',
          goal: { atMost: 0 },
        },
      ],
      notes: [],
    };
  });
}
