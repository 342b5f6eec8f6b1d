import { takeTurns } from '../runs.mjs';
import { checkQueued, refusedOf } from '../../stage/checks.mjs';
import { withGateway } from '../../stage/gateway.mjs';

const CONNECTIONS = 500;
const AT_ONCE = 1_000;

/**
 * Response times under bursts. CometChat's timeout is 2 s.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function burst({ options, postgresUrl, vendor, load }) {
  return withGateway({ postgresUrl, vendorUrl: vendor.url }, async ({ url, people, queues }) => {
    const loads = [
      { connections: CONNECTIONS, durationMs: options.runMs },
      { count: AT_ONCE, everyMs: 0 },
    ];
    const runs = await takeTurns(loads, options.turns, async (request) => {
      const posted = await load.post({ url, people, ...request });
      await checkQueued(posted, queues);
      await queues.clear();
      return posted;
    });
    const [flatOut = [], atOnce = []] = runs.values();
    return {
      figures: [
        {
          name: `webhooks, ${CONNECTIONS} saturated connections: p99 of an answer`,
          values: flatOut.map(({ answeredInMs }) => answeredInMs.p99),
          unit: 'ms',
          goal: { atMost: 250 },
        },
        {
          name: `${AT_ONCE} at once on new connections: last answer`,
          values: atOnce.map(({ tookMs }) => tookMs),
          unit: 'ms',
          goal: { atMost: 500 },
        },
        {
          name: 'not answered 200, in both',
          values: flatOut.map((posted, run) => refusedOf(posted) + refusedOf(atOnce[run] ?? posted)),
          unit: '',
          goal: { atMost: 0 },
        },
      ],
      notes: [
        `Bursts: the ${CONNECTIONS} connections are accepted before the measurement. Node accepts one connection per iteration of its event loop (libuv 1.45 and later), so while such a load saturates a process, a new connection may wait until it ends; \`PROCESSES=2\` accepts in a process of its own.`,
      ],
    };
  });
}
