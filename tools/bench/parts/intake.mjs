import { median, takeTurns } from '../runs.mjs';
import { ratios } from '../figures.mjs';
import { acknowledgedOf, checkQueued } from '../../stage/checks.mjs';
import { hear, startScript, stop } from '../../stage/children.mjs';
import { cpuSeconds } from '../../stage/cpu.mjs';
import { withGateway } from '../../stage/gateway.mjs';

/** @typedef {{ perSecond: number, cpuMicros: number, loadShare: number }} Run */

/**
 * A server that answers webhooks.
 *
 * @typedef {object} Candidate
 * @property {string} name
 * @property {string} url
 * @property {() => number} cpuSeconds
 * @property {import('../../stage/queues.mjs').Queues} [queues] where it stores them
 */

const CONNECTIONS = 50;
const PEOPLE = 1_000;
const BARE_NEST = new URL('../programs/bare-nest.ts', import.meta.url);
const EXPRESS_SAMPLE = new URL('../programs/express-sample.mjs', import.meta.url);
const TYPESCRIPT = ['--import', new URL('../../../scripts/typescript/register.mjs', import.meta.url).href];

/**
 * Webhooks stored durably and answered per second, compared with servers that store nothing.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function intake({ options, postgresUrl, vendor, load }) {
  const stores = { postgresUrl, vendorUrl: vendor.url };
  return withGateway({ ...stores, fsync: 'everysec' }, (everysec) =>
    withGateway({ ...stores, fsync: 'always' }, (always) =>
      withServer('bare NestJS + Fastify', BARE_NEST, TYPESCRIPT, (nest) =>
        withServer('Express as in the sample', EXPRESS_SAMPLE, [], async (express) => {
          const candidates = [
            candidateOf('everysec', everysec),
            candidateOf('always', always),
            nest,
            express,
          ];
          const runs = await takeTurns(candidates, options.turns, async (candidate) => {
            const { url, queues } = candidate;
            const cpuBefore = candidate.cpuSeconds();
            const posted = await load.post({
              url,
              people: PEOPLE,
              connections: CONNECTIONS,
              durationMs: options.runMs,
            });
            const cpu = candidate.cpuSeconds() - cpuBefore;
            if (queues) await checkQueued(posted, queues);
            await queues?.clear();
            const answers = acknowledgedOf(posted);
            return {
              perSecond: answers / (posted.tookMs / 1_000),
              cpuMicros: (cpu / answers) * 1e6,
              loadShare: posted.cpuShare,
            };
          });
          return findings(candidates, runs);
        }),
      ),
    ),
  );
}

/** @param {readonly Candidate[]} candidates @param {ReadonlyMap<Candidate, readonly Run[]>} runs */
function findings(candidates, runs) {
  const of = (/** @type {number} */ index, /** @type {keyof Run} */ key) => {
    const candidate = candidates[index];
    return (candidate && runs.get(candidate)?.map((run) => run[key])) ?? [];
  };
  const rate = (/** @type {number} */ index) => of(index, 'perSecond');
  const goals = { nest: { atLeast: 0.4 }, express: { atLeast: 1.3 } };
  const figures = [
    ...candidates.map(({ name }, index) => ({ name: `webhooks: ${name}`, values: rate(index), unit: '/s' })),
    {
      name: 'everysec : bare NestJS + Fastify',
      values: ratios(rate(0), rate(2)),
      unit: '',
      goal: goals.nest,
    },
    { name: 'always : bare NestJS + Fastify', values: ratios(rate(1), rate(2)), unit: '', goal: goals.nest },
    { name: 'everysec : Express', values: ratios(rate(0), rate(3)), unit: '', goal: goals.express },
    { name: 'always : Express', values: ratios(rate(1), rate(3)), unit: '', goal: goals.express },
    ...candidates.map(({ name }, index) => ({
      name: `CPU time per webhook: ${name}`,
      values: of(index, 'cpuMicros'),
      unit: 'µs',
    })),
  ];
  const shares = candidates.map(
    ({ name }, index) => `${median(of(index, 'loadShare')).toFixed(2)} (${name})`,
  );
  return { figures, notes: [`The load generator used ${shares.join(', ')} of a core.`] };
}

/** @param {string} fsync @param {import('../../stage/gateway.mjs').Gateway} gateway @returns {Candidate} */
const candidateOf = (fsync, gateway) => ({
  name: `the gateway, appendfsync ${fsync}`,
  url: gateway.url,
  cpuSeconds: () => gateway.cpuSeconds,
  queues: gateway.queues,
});

/**
 * @template T
 * @param {string} name
 * @param {URL} file
 * @param {string[]} execArgv
 * @param {(server: Candidate) => Promise<T>} use
 */
async function withServer(name, file, execArgv, use) {
  const child = startScript(file, { execArgv, env: { NODE_ENV: 'production' } });
  try {
    /** @type {{ url: string }} */
    const { url } = await hear(child);
    return await use({ name, url, cpuSeconds: () => cpuSeconds(child.pid ?? 0) });
  } finally {
    await stop(child);
  }
}
