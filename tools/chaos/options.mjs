import { parseArgs } from 'node:util';
import { DEPLOYMENTS } from './scenario.mjs';

/**
 * @typedef {object} Sizes
 * @property {boolean} isShort
 * @property {number} perSecond webhooks per second
 * @property {number} kills kills of each victim
 * @property {number} outageMs duration of an outage
 * @property {number} longOutageMs duration of a vendor's failure in the long scenarios
 *
 * @typedef {import('./scenario.mjs').Deployment} Deployment
 * @typedef {{ sizes: Sizes, runs: import('./scenario.mjs').Run[], list: boolean, write: boolean }} Options
 */

/** @type {Sizes} */
const FULL = { isShort: false, perSecond: 150, kills: 5, outageMs: 60_000, longOutageMs: 300_000 };
/** @type {Sizes} */
const SHORT = { isShort: true, perSecond: 100, kills: 2, outageMs: 5_000, longOutageMs: 5_000 };

export const USAGE = `npm run chaos [-- <scenario>...] [options]

Injects failures into processes of the built gateway while webhooks arrive, and accounts for every acknowledged
webhook. The exit code is 1 if one is lost, if there are more duplicates than allowed, or if another check fails.
Without a scenario, all of them run, each on every deployment that it applies to.

  --on NAME       only on this deployment: \`redis\` (a process per role, queue on Redis) or \`embedded\` (one process
                  that starts its own PostgreSQL)
  --short         the most important scenarios with shorter outages: about five minutes
  --all           with --short: all scenarios with shorter outages: about thirty minutes
  --list          list the scenarios
  --per-second N  webhooks per second (${FULL.perSecond}; short: ${SHORT.perSecond})
  --write         write the rows of these scenarios to docs/chaos.md; not with --short or --per-second

With CHAOS_KEEP=1, the logs of all processes are kept, and their directory is printed.
`;

/**
 * @param {readonly string[]} args
 * @param {readonly import('./scenario.mjs').Scenario[]} all
 * @returns {Options}
 * @throws {Error} that describes the invalid option
 */
export function readOptions(args, all) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      on: { type: 'string' },
      list: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      'per-second': { type: 'string' },
    },
  });
  const { short, list, write, on } = values;
  const isPart = short && !values.all;
  const sizes = short ? SHORT : FULL;
  const perSecond = Number(values['per-second'] ?? sizes.perSecond);
  if (!Number.isSafeInteger(perSecond) || perSecond < 1)
    throw new Error('--per-second takes a whole number.');
  const unknown = positionals.filter((given) => !all.some(({ name }) => name === given));
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}; --list names them.`);
  if (write && (short || perSecond !== FULL.perSecond))
    throw new Error('--write is for scenarios in full length.');
  const deployments = DEPLOYMENTS.filter((name) => on === undefined || on === name);
  if (deployments.length === 0) throw new Error(`--on takes ${DEPLOYMENTS.join(' or ')}.`);
  const runs = all
    .filter(({ name }) => positionals.length === 0 || positionals.includes(name))
    .flatMap((scenario) => runsOf(scenario, deployments, isPart && positionals.length === 0));
  if (runs.length === 0) throw new Error(`${positionals.join(', ')} does not apply to ${on}.`);
  return { sizes: { ...sizes, perSecond }, runs, list, write };
}

/**
 * @param {readonly import('./scenario.mjs').Scenario[]} all
 * @returns {import('./scenario.mjs').Run[]} every scenario on every deployment
 */
export const everyRunOf = (all) => all.flatMap((scenario) => runsOf(scenario, DEPLOYMENTS, false));

/**
 * @param {import('./scenario.mjs').Scenario} scenario
 * @param {readonly Deployment[]} deployments
 * @param {boolean} isPart only those of the short form
 */
function runsOf(scenario, deployments, isPart) {
  const { on = DEPLOYMENTS, shortOn = [] } = scenario;
  const own = isPart ? on.filter((deployment) => shortOn.includes(deployment)) : on;
  return own
    .filter((deployment) => deployments.includes(deployment))
    .map((deployment) => ({ scenario, deployment }));
}
