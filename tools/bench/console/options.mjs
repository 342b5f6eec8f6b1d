import { parseArgs } from 'node:util';
import { chosenParts, wholeNumber } from '../options.mjs';

/**
 * @typedef {object} Sizes
 * @property {number} rows notifications in the ledger
 * @property {number} runs measurements of each page and list
 * @property {number} pairs of runs without and with streams
 * @property {number} runMs time for which webhooks are posted at full speed
 * @property {number} deliveries webhooks per run that are followed to the vendor
 * @property {number} writes of the tallies
 *
 * @typedef {Sizes & { parts: Part[], write: boolean }} Options
 * @typedef {'pages' | 'costs'} Part `pages`: the console in Chromium; `costs`: of streams and tallies
 */

/** @type {Sizes} */
const FULL = { rows: 1_000_000, runs: 15, pairs: 7, runMs: 4_000, deliveries: 8_000, writes: 200 };
/** @type {Sizes} */
const SHORT = { rows: 20_000, runs: 1, pairs: 1, runMs: 3_000, deliveries: 500, writes: 20 };

/** @type {readonly Part[]} */
const PARTS = ['pages', 'costs'];

export const USAGE = `npm run bench:console [-- <part>...] [options]

Measures the built console in Chromium on a large ledger, the cost of event streams and that of the tallies. The exit
code is 1 if an acknowledged webhook was lost or a page did not appear. Needs redis-server and Chromium on the PATH. Parts: pages, costs;
without one, both run.

  --short      half a minute; verifies that everything works, its figures mean little
  --write      write the section of docs/performance.md
  --rows N     notifications in the ledger (${FULL.rows}); each has one delivery and one attempt
  --runs N     measurements of each page and list (${FULL.runs})
  --pairs N    runs without and with streams (${FULL.pairs})
`;

/**
 * @param {readonly string[]} args
 * @returns {Options}
 * @throws {Error} that describes the invalid option
 */
export function readOptions(args) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      rows: { type: 'string' },
      runs: { type: 'string' },
      pairs: { type: 'string' },
    },
  });
  const { short, write } = values;
  const parts = chosenParts(positionals, PARTS, values);
  const sizes = short ? SHORT : FULL;
  const sized = (/** @type {'rows' | 'runs' | 'pairs'} */ name) =>
    wholeNumber(name, values[name]) ?? sizes[name];
  return { ...sizes, rows: sized('rows'), runs: sized('runs'), pairs: sized('pairs'), parts, write };
}
