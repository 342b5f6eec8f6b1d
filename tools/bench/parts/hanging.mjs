import { percentile } from '../../simulator/report.mjs';
import { ratios } from '../figures.mjs';
import { reachedInMs } from '../reached.mjs';
import { APP_ID, OTHER_APP_ID } from '../../stage/app.mjs';
import { checkAccounted, checkDelivered } from '../../stage/checks.mjs';
import { withClient } from '../../stage/database.mjs';
import { withGateway } from '../../stage/gateway.mjs';
import { Load } from '../../stage/load.mjs';
import { LATENCY_MS, Vendor } from '../../stage/vendor.mjs';

/** Interval between two webhooks of an app. */
const EVERY_MS = 10;
const WARM_UP_MS = 2_000;
/** The default of `delivery.concurrency`. */
const CONCURRENCY = 100;
/** Covers the longest open interval of a circuit breaker, and the retries after it. */
const DRAINED_WITHIN_MS = 150_000;

const OUTCOME_UNKNOWN = `
  SELECT count(*)::int AS unknown FROM delivery d JOIN notification n ON n.id = d.notification_id
  WHERE n.app_id = $1 AND d.status = 'failed' AND d.reason = 'outcome_unknown'`;

/**
 * Time from webhook to vendor of an app while the vendor of another app never answers, and while it answers.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export async function hanging({ options, postgresUrl, vendor, load }) {
  const { turns, hangMs } = options;
  const otherVendor = await Vendor.start();
  const otherLoad = new Load();
  const apps = [
    { appId: APP_ID, vendorUrl: vendor.url },
    { appId: OTHER_APP_ID, vendorUrl: otherVendor.url },
  ];
  const stage = { postgresUrl, vendorUrl: vendor.url, apps, concurrency: CONCURRENCY };
  try {
    return await withGateway(stage, async (gateway) => {
      const { url, people, queues, env } = gateway;
      await gateway.start('worker');
      const unknownOutcomes = () =>
        withClient(env['DATABASE_URL'] ?? '', async (client) => {
          const { rows } = await client.query(OUTCOME_UNKNOWN, [OTHER_APP_ID]);
          return /** @type {{ unknown: number }} */ (rows[0]).unknown;
        });
      const postBeside = async (/** @type {'well' | 'hang'} */ mode, /** @type {number} */ durationMs) => {
        const unknownBefore = await unknownOutcomes();
        await otherVendor.behave({ mode });
        const request = { url, people, count: durationMs / EVERY_MS, everyMs: EVERY_MS };
        const [posted, other] = await Promise.all([
          load.post(request),
          otherLoad.post({ ...request, appId: OTHER_APP_ID }),
        ]);
        await otherVendor.behave({ mode: 'well' });
        await queues.untilEmpty(DRAINED_WITHIN_MS);
        const taken = await vendor.taken();
        checkDelivered([posted], taken.events);
        const unknown = (await unknownOutcomes()) - unknownBefore;
        checkAccounted(other, (await otherVendor.taken()).events, unknown);
        process.stderr.write('.');
        return { p99: percentile(reachedInMs(posted, taken), 0.99), unknown };
      };
      await vendor.taken();
      await postBeside('well', WARM_UP_MS);
      /** @type {{ p99: number, unknown: number }[]} */
      const healthy = [];
      /** @type {typeof healthy} */
      const beside = [];
      for (let turn = 0; turn < turns; turn++) {
        healthy.push(await postBeside('well', hangMs));
        beside.push(await postBeside('hang', hangMs));
      }
      const p99 = (/** @type {typeof beside} */ runs) => runs.map((run) => run.p99);
      const unknown = beside.reduce((sum, run) => sum + run.unknown, 0);
      return {
        figures: [
          { name: 'webhook to vendor, p99: beside a healthy vendor', values: p99(healthy), unit: 'ms' },
          { name: 'webhook to vendor, p99: beside a hanging vendor', values: p99(beside), unit: 'ms' },
          {
            name: 'beside a hanging vendor : a healthy one',
            values: ratios(p99(beside), p99(healthy)),
            unit: '',
            goal: { atMost: 2 },
          },
        ],
        notes: [
          `Hanging vendor: two apps, each with ${1_000 / EVERY_MS} webhooks per second and a vendor of its own; one of the vendors answers after ${LATENCY_MS} ms, the other never for ${hangMs / 1_000} s. \`delivery.concurrency: ${CONCURRENCY}\`, the default. Afterwards it answers, and every one of its events was delivered once or is recorded with an unknown outcome (${unknown.toLocaleString('en')}).`,
        ],
      };
    });
  } finally {
    await Promise.all([otherVendor.stop(), otherLoad.stop()]);
  }
}
