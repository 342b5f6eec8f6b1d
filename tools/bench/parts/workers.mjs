import { coresDuring, usage } from '../cores.mjs';
import { ratios } from '../figures.mjs';
import { takeTurns } from '../runs.mjs';
import { serverPid } from '../../stage/database.mjs';
import { deliver } from '../../stage/deliver.mjs';
import { withGateway } from '../../stage/gateway.mjs';

/**
 * Gain of a second worker process, and use of the machine's cores.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function workers(bench) {
  const { options, postgresUrl, vendor } = bench;
  const stores = { postgresUrl, vendorUrl: vendor.url };
  return withGateway(stores, (one) =>
    withGateway(stores, async (two) => {
      const postgres = await serverPid(postgresUrl);
      for (const gateway of [one, two, two]) await gateway.start('worker');
      const runs = await takeTurns([one, two], options.turns, async (gateway) => {
        const { result, cores } = await coresDuring({ gateway, postgres, bench }, () =>
          deliver(gateway, bench, options.deliveries),
        );
        return { perSecond: result.perSecond, cores };
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
  );
}
