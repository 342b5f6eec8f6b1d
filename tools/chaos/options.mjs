import { parseArgs } from 'node:util';

/**
 * How much is done.
 *
 * @typedef {object} Sizes
 * @property {boolean} isShort
 * @property {number} perSecond webhooks
 * @property {number} kills how often each victim is killed
 * @property {number} outageMs how long something is away
 * @property {number} longOutageMs how long a vendor that fails does so
 *
 * @typedef {{ sizes: Sizes, scenarios: import('./scenario.mjs').Scenario[], list: boolean, write: boolean }} Options
 */

/** @type {Sizes} */
const FULL = { isShort: false, perSecond: 150, kills: 5, outageMs: 60_000, longOutageMs: 300_000 };
/** @type {Sizes} */
const SHORT = { isShort: true, perSecond: 100, kills: 2, outageMs: 5_000, longOutageMs: 5_000 };

export const USAGE = `npm run chaos [-- <scenario>...] [options]

Plays failures on real processes of the built gateway while webhooks stream in, counts what became of every one that
was acknowledged, and ends with 1 where one was lost, where more were doubled than may be, or where something else did
not hold. Without a scenario: all of them.

  --short         the most telling ones, with shorter outages: about two minutes
  --all           with --short: all of them, with shorter outages: about a quarter of an hour
  --list          names the scenarios
  --per-second N  webhooks that are posted (${FULL.perSecond}; short: ${SHORT.perSecond})
  --write         writes docs/chaos.md; for a whole run of all

With CHAOS_KEEP=1, the logs of all processes stay, and are named.
`;

/**
 * @param {readonly string[]} args
 * @param {readonly import('./scenario.mjs').Scenario[]} all
 * @returns {Options}
 * @throws {Error} that says what is wrong
 */
export function readOptions(args, all) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      'per-second': { type: 'string' },
    },
  });
  const { short, list, write } = values;
  const isPart = short && !values.all;
  const sizes = short ? SHORT : FULL;
  const perSecond = Number(values['per-second'] ?? sizes.perSecond);
  if (!Number.isSafeInteger(perSecond) || perSecond < 1)
    throw new Error('--per-second takes a whole number.');
  const unknown = positionals.filter((given) => !all.some(({ name }) => name === given));
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}; --list names them.`);
  if (write && (isPart || positionals.length > 0))
    throw new Error('--write is for a whole run of all scenarios.');
  const scenarios =
    positionals.length > 0
      ? all.filter(({ name }) => positionals.includes(name))
      : all.filter(({ isShort }) => isShort || !isPart);
  return { sizes: { ...sizes, perSecond }, scenarios, list, write };
}
