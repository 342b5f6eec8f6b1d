import { aligned } from '../bench/runs.mjs';
import { checksOf, count, hasPassed } from './scenario.mjs';

/**
 * @typedef {import('./scenario.mjs').Scenario} Scenario
 *
 * Result of a scenario; `unplayed`: the reason why it was not run.
 *
 * @typedef {import('./scenario.mjs').Run & { tookMs: number } & (
 *   { outcome: import('./scenario.mjs').Outcome } | { failure: string } | { unplayed: string })} Result
 */

/** Head of the table in the page. */
export const HEAD = [
  '',
  'deployment',
  'posted',
  'acknowledged',
  'delivered',
  'explained',
  'lost',
  'doubled',
  'at most',
  '',
  'and',
];

/** @param {import('./scenario.mjs').Run} run */
export const nameOf = ({ scenario, deployment }) => `${scenario.name} on ${deployment}`;

/** @param {Result} result */
export const isGood = (result) => ('outcome' in result ? hasPassed(result.outcome) : 'unplayed' in result);

/** @param {readonly Result[]} results */
export const resultTable = (results) =>
  aligned([
    HEAD.slice(0, -1),
    ...results.map((result) => [result.scenario.name, result.deployment, ...cellsOf(result)]),
  ]);

/** @param {Result} result @returns {string[]} its row in the page, with the checks */
export const rowOf = (result) => [
  result.scenario.title,
  result.deployment,
  ...cellsOf(result),
  notesOf(result)
    .join('; ')
    .replaceAll(/\s*[|\n]\s*/g, ' '),
];

/** @param {Result} result */
function cellsOf(result) {
  if (!('outcome' in result))
    return ['', '', '', '', '', '', '', 'unplayed' in result ? 'not played' : 'BROKEN'];
  const { settled, doublesAtMost } = result.outcome;
  const { posted, acknowledged, delivered, explained, lost, doubled } = settled;
  const numbers = [posted, acknowledged, delivered, explained, lost.length, doubled, doublesAtMost];
  return [...numbers.map(count), isGood(result) ? 'held' : 'FAILED'];
}

/** The checks and remarks of a scenario. @param {Result} result @returns {string[]} */
export function notesOf(result) {
  if ('unplayed' in result) return [result.unplayed];
  if ('failure' in result) return [result.failure];
  const { because, doublesAtMost, settled } = result.outcome;
  const bound = because !== undefined && doublesAtMost > 0 ? [`doubled at most: ${because}`] : [];
  return [
    ...checksOf(result.outcome).map(({ what, holds }) => (holds ? what : `NOT HELD: ${what}`)),
    ...bound,
    ...lostOf(settled),
  ];
}

/** The line that is printed when a scenario ends. @param {Result} result */
export function lineOf(result) {
  const { tookMs } = result;
  const verdict = 'outcome' in result ? summaryOf(result.outcome) : '';
  const word = isGood(result) ? ('unplayed' in result ? 'not played' : 'held') : 'FAILED';
  const notes = notesOf(result).map((note) => `\n    ${note}`);
  return `${nameOf(result)}: ${word}${verdict} (${Math.round(tookMs / 1_000)} s)${notes.join('')}`;
}

/** @param {import('./scenario.mjs').Outcome} outcome */
function summaryOf({ settled, doublesAtMost }) {
  const { acknowledged, delivered, explained, lost, doubled } = settled;
  return `, ${count(acknowledged)} acknowledged, ${count(delivered)} delivered, ${explained} explained, ${lost.length} lost, ${doubled} doubled (at most ${doublesAtMost})`;
}

/**
 * Groups lost events by their state in the ledger, each with one id to search for in the logs.
 *
 * @param {import('./scenario.mjs').Settled} settled
 */
function lostOf({ lost }) {
  /** @type {Map<string, import('./verdict.mjs').Lost[]>} */
  const byState = new Map();
  for (const one of lost) {
    const states = one.entries.map(({ status, reason }) =>
      reason === null ? status : `${status}: ${reason}`,
    );
    const state = `${one.kind}, ${states.join(' and ') || 'not in the ledger'}`;
    byState.set(state, [...(byState.get(state) ?? []), one]);
  }
  return [...byState].map(
    ([state, all]) => `lost: ${all.length} (${state}), such as ${all[0]?.notificationId}`,
  );
}
