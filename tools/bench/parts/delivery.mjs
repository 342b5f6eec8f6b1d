import { ratios } from '../figures.mjs';
import { takeTurns } from '../runs.mjs';
import { takeEvents } from '../../stage/app.mjs';
import { checkSent } from '../../stage/checks.mjs';
import { hear, startScript, stop } from '../../stage/children.mjs';
import { ledgerSize } from '../../stage/database.mjs';
import { deliver } from '../../stage/deliver.mjs';
import { CONCURRENCY, withGateway } from '../../stage/gateway.mjs';
import { LATENCY_MS } from '../../stage/vendor.mjs';

const BARE_LOOP = new URL('../programs/http2-loop.mjs', import.meta.url);

/**
 * Webhooks delivered to the vendor per second, compared with only sending such messages.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function delivery({ options, postgresUrl, vendor, load }) {
  const { deliveries: count, turns } = options;
  return withGateway({ postgresUrl, vendorUrl: vendor.url }, async (gateway) => {
    const ledgerBefore = await ledgerSize(gateway.env['DATABASE_URL'] ?? '');
    await gateway.start('worker');
    const loop = startScript(BARE_LOOP);
    const bareLoop = async () => {
      await vendor.taken();
      const first = takeEvents(count);
      const request = { url: vendor.url, first, count, concurrency: CONCURRENCY };
      /** @type {import('../programs/http2-loop.mjs').Result} */
      const { tookMs, cpuSeconds } = await hear(loop, request);
      checkSent(first, count, (await vendor.taken()).events);
      return { perSecond: count / (tookMs / 1_000), cpuMs: (cpuSeconds / count) * 1_000 };
    };
    try {
      const candidates = [() => deliver(gateway, { vendor, load }, count), bareLoop];
      const runs = await takeTurns(candidates, turns, (candidate) => candidate());
      const [own = [], bare = []] = runs.values();
      const ledger = await ledgerSize(gateway.env['DATABASE_URL'] ?? '');
      const each = (/** @type {'bytes' | 'logged'} */ what) =>
        (ledger[what] - ledgerBefore[what]) / (ledger.notifications - ledgerBefore.notifications) / 1_000;
      const rates = {
        own: own.map(({ perSecond }) => perSecond),
        bare: bare.map(({ perSecond }) => perSecond),
      };
      return {
        figures: [
          { name: 'deliveries, webhook to vendor', values: rates.own, unit: '/s' },
          { name: 'the same messages by a bare HTTP/2 loop', values: rates.bare, unit: '/s' },
          {
            name: 'deliveries : bare loop',
            values: ratios(rates.own, rates.bare),
            unit: '',
            goal: { atLeast: 0.3 },
          },
          {
            name: 'CPU time of api and worker per delivery',
            values: own.map(({ cpuMs }) => cpuMs),
            unit: 'ms',
            goal: { atMost: 0.4 },
          },
          {
            name: 'CPU time of the bare loop per message',
            values: bare.map(({ cpuMs }) => cpuMs),
            unit: 'ms',
          },
          { name: 'ledger on disk per notification', values: [each('bytes')], unit: 'kB' },
          { name: 'PostgreSQL’s write-ahead log per notification', values: [each('logged')], unit: 'kB' },
        ],
        notes: [
          `Deliveries: ${count.toLocaleString('en')} per run to an FCM that answers after ${LATENCY_MS} ms, up to ${CONCURRENCY} in flight, for gateway and loop alike.`,
        ],
      };
    } finally {
      await stop(loop);
    }
  });
}
