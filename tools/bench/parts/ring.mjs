import { percentile } from '../../simulator/report.mjs';
import { ratios } from '../figures.mjs';
import { reachedInMs } from '../reached.mjs';
import { checkDelivered } from '../../stage/checks.mjs';
import { withGateway } from '../../stage/gateway.mjs';

/** Interval between two rings, regardless of earlier ones. */
const EVERY_MS = 25;
const WARM_UP_RINGS = 40;
/** Additional chats, as a multiple of the backlog, so that the backlog still exists when the last call rings. */
const HEADROOM = 1.5;

/**
 * Time from a call's webhook until the vendor has its ring, when idle and while thousands of chats are queued.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function ring({ options, postgresUrl, vendor, load }) {
  const { turns, rings, backlog } = options;
  return withGateway({ postgresUrl, vendorUrl: vendor.url }, async (gateway) => {
    const { url, people, queues } = gateway;
    const call = (/** @type {number} */ count) =>
      load.post({ url, people, kind: 'call', count, everyMs: EVERY_MS });
    const chat = (/** @type {number} */ count) => load.post({ url, people, connections: 50, count });
    /** @type {{ idle: number[], busy: number[], leftOver: number }[]} */
    const runs = [];
    for (let turn = 0; turn < turns; turn++) {
      await vendor.taken();
      const early = await chat(backlog + Math.ceil(backlog * HEADROOM));
      const worker = await gateway.start('worker');
      // Warm-up: the worker processes the backlog and has sent rings.
      await vendor.until(backlog / 20);
      const warmUp = await call(WARM_UP_RINGS);
      const busy = await call(rings);
      const leftOver = await queues.pending();
      await vendor.until(early.sent + warmUp.sent + busy.sent);
      await queues.untilEmpty();
      const idle = await call(rings);
      await vendor.until(early.sent + warmUp.sent + busy.sent + idle.sent);
      await queues.untilEmpty();
      const taken = await vendor.taken();
      checkDelivered([early, warmUp, busy, idle], taken.events);
      runs.push({ idle: reachedInMs(idle, taken), busy: reachedInMs(busy, taken), leftOver });
      await worker.stop();
      process.stderr.write('.');
    }
    const idle = runs.map((run) => percentile(run.idle, 0.99));
    const busy = runs.map((run) => percentile(run.busy, 0.99));
    const many = backlog.toLocaleString('en');
    const least = Math.min(...runs.map(({ leftOver }) => leftOver));
    return {
      figures: [
        {
          name: 'rings, webhook to vendor, p50: idle',
          values: runs.map((run) => percentile(run.idle, 0.5)),
          unit: 'ms',
          goal: { atMost: 10 },
        },
        { name: 'rings, webhook to vendor, p99: idle', values: idle, unit: 'ms', goal: { atMost: 30 } },
        {
          name: `rings, webhook to vendor, p99: ${many} chats queued`,
          values: busy,
          unit: 'ms',
          goal: { atMost: 100 },
        },
        { name: 'rings, queued : idle', values: ratios(busy, idle), unit: '' },
      ],
      notes: [
        `Rings: ${rings} per run, one every ${EVERY_MS} ms; when the last one was posted, at least ${least.toLocaleString('en')} jobs were in the queue. A time ends when the vendor has received the request.`,
      ],
    };
  });
}
