import { coresDuring, usage } from '../cores.mjs';
import { ratios } from '../figures.mjs';
import { takeTurns } from '../runs.mjs';
import { serverPid } from '../../stage/database.mjs';
import { deliver } from '../../stage/deliver.mjs';
import { withGateway } from '../../stage/gateway.mjs';

/**
 * Gain of `PROCESSES=2`, for api and worker alike, and the programs that limit it.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function processes(bench) {
  const { options, postgresUrl, vendor } = bench;
  const sized = (/** @type {number} */ count) => ({
    postgresUrl,
    vendorUrl: vendor.url,
    settings: { PROCESSES: String(count) },
  });
  return withGateway(sized(1), (one) =>
    withGateway(sized(2), async (two) => {
      const postgres = await serverPid(postgresUrl);
      for (const gateway of [one, two]) await gateway.start('worker');
      const runs = await takeTurns([one, two], options.turns, async (gateway) => {
        const { result, cores } = await coresDuring({ gateway, postgres, bench }, () =>
          deliver(gateway, bench, options.deliveries),
        );
        return { perSecond: result.perSecond, cpuMs: result.cpuMs, cores };
      });
      const [alone = [], together = []] = runs.values();
      const of = (/** @type {typeof alone} */ own, /** @type {'perSecond' | 'cpuMs'} */ what) =>
        own.map((run) => run[what]);
      return {
        figures: [
          { name: 'deliveries, PROCESSES=1', values: of(alone, 'perSecond'), unit: '/s' },
          { name: 'deliveries, PROCESSES=2', values: of(together, 'perSecond'), unit: '/s' },
          {
            name: 'PROCESSES=2 : 1',
            values: ratios(of(together, 'perSecond'), of(alone, 'perSecond')),
            unit: '',
          },
          {
            name: 'CPU time of the gateway per delivery, PROCESSES=1',
            values: of(alone, 'cpuMs'),
            unit: 'ms',
          },
          {
            name: 'CPU time of the gateway per delivery, PROCESSES=2',
            values: of(together, 'cpuMs'),
            unit: 'ms',
          },
        ],
        notes: [
          usage('PROCESSES=1', alone),
          usage('PROCESSES=2', together),
          'PROCESSES: with all cores in use, a second process can only take them from the other programs.',
        ],
      };
    }),
  );
}
