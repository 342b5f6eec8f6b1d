import { parseArgs } from 'node:util';

/**
 * How much is done.
 *
 * @typedef {object} Sizes
 * @property {number} turns how often each thing is measured, after a turn that does not count
 * @property {number} runMs how long webhooks are posted flat out
 * @property {number} deliveries webhooks of a run that are followed to the vendor
 * @property {number} rings
 * @property {number} backlog chat deliveries that are queued while calls ring
 * @property {number} waiting notifications whose memory is measured
 * @property {number} people persons with a device each, for what it costs when work grows
 * @property {number} ledgerRows the same for notifications, deliveries and attempts together
 *
 * @typedef {Sizes & { parts: string[], short: boolean, write: boolean }} Options
 */

/** @type {Sizes} */
const FULL = {
  turns: 3,
  runMs: 4_000,
  deliveries: 10_000,
  rings: 200,
  backlog: 10_000,
  waiting: 100_000,
  people: 1_000_000,
  ledgerRows: 10_000_000,
};

/** @type {Sizes} */
const SHORT = {
  turns: 1,
  runMs: 1_000,
  deliveries: 1_000,
  rings: 40,
  backlog: 1_000,
  waiting: 10_000,
  people: 20_000,
  ledgerRows: 100_000,
};

export const USAGE = `npm run bench [-- <part>...] [options]

Measures the built gateway as processes of their own, beside what it is compared with, counts after every run
whether all that was acknowledged is there, and ends with 1 where it is not. Without a part: all of them.

  --short            about a minute, for what must not break rather than for figures
  --write            write docs/performance.md; for a whole run of all parts
  --turns N          how often each thing is measured (${FULL.turns})
  --people N         growth: persons with a device each (${FULL.people})
  --ledger-rows N    growth: rows that lie in the ledger (${FULL.ledgerRows})
`;

/**
 * @param {readonly string[]} args
 * @param {readonly string[]} known the parts that there are
 * @returns {Options}
 * @throws {Error} that says what is wrong
 */
export function readOptions(args, known) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      turns: { type: 'string' },
      people: { type: 'string' },
      'ledger-rows': { type: 'string' },
    },
  });
  const { short, write } = values;
  const unknown = positionals.filter((part) => !known.includes(part));
  if (unknown.length > 0)
    throw new Error(`There is no part ${unknown.join(', ')}, only ${known.join(', ')}.`);
  if (write && (short || positionals.length > 0)) throw new Error('--write is for a whole run of all parts.');
  const sizes = short ? SHORT : FULL;
  return {
    ...sizes,
    turns: wholeNumber('turns', values.turns) ?? sizes.turns,
    people: wholeNumber('people', values.people) ?? sizes.people,
    ledgerRows: wholeNumber('ledger-rows', values['ledger-rows']) ?? sizes.ledgerRows,
    parts: positionals.length > 0 ? positionals : [...known],
    short,
    write,
  };
}

/** @param {string} name @param {string | undefined} text */
function wholeNumber(name, text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes a whole number.`);
  return value;
}
