import { parseArgs } from 'node:util';

/**
 * @typedef {object} Sizes
 * @property {number} turns measurements of each program, after a warm-up
 * @property {number} runMs time for which webhooks are posted at full speed
 * @property {number} deliveries webhooks per run that are followed to the vendor
 * @property {number} rings
 * @property {number} backlog chat deliveries queued while calls ring
 * @property {number} hangMs time for which a vendor does not answer
 * @property {number} waiting notifications whose memory is measured
 * @property {number} people growth: users with one device each
 * @property {number} ledgerRows growth: notifications, deliveries and attempts together
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
  hangMs: 60_000,
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
  hangMs: 10_000,
  waiting: 10_000,
  people: 20_000,
  ledgerRows: 100_000,
};

export const USAGE = `npm run bench [-- <part>...] [options]

Measures the built gateway, in separate processes, against the programs it is compared with. After every run it
verifies that every acknowledged event arrived; the exit code is 1 if not. Without a part, all of them run.

  --short            about three minutes; verifies correctness, its figures mean little
  --write            write docs/performance.md; requires a run of all parts
  --turns N          measurements of each program (${FULL.turns})
  --people N         growth: users with one device each (${FULL.people})
  --ledger-rows N    growth: rows in the ledger (${FULL.ledgerRows})
`;

/**
 * @param {readonly string[]} args
 * @param {readonly string[]} known names of the parts
 * @returns {Options}
 * @throws {Error} that describes the invalid option
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
  const parts = chosenParts(positionals, known, values);
  const sizes = short ? SHORT : FULL;
  return {
    ...sizes,
    turns: wholeNumber('turns', values.turns) ?? sizes.turns,
    people: wholeNumber('people', values.people) ?? sizes.people,
    ledgerRows: wholeNumber('ledger-rows', values['ledger-rows']) ?? sizes.ledgerRows,
    parts,
    short,
    write,
  };
}

/**
 * @template {string} Part
 * @param {readonly string[]} named parts on the command line
 * @param {readonly Part[]} known names of the parts
 * @param {{ short: boolean, write: boolean }} run
 * @returns {Part[]} those named, or all
 * @throws {Error} for an unknown part, and for `--write` unless the run is whole
 */
export function chosenParts(named, known, { short, write }) {
  const unknown = named.filter((name) => !known.some((part) => part === name));
  if (unknown.length > 0)
    throw new Error(`There is no part ${unknown.join(', ')}, only ${known.join(', ')}.`);
  if (write && (short || named.length > 0)) throw new Error('--write is for a whole run of all parts.');
  return known.filter((part) => named.length === 0 || named.includes(part));
}

/**
 * @param {string} name of the option
 * @param {string | undefined} text its value
 * @returns {number | undefined} undefined if it was not given
 * @throws {Error} that describes the invalid option
 */
export function wholeNumber(name, text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes a whole number.`);
  return value;
}
