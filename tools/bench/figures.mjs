import { aligned, median } from './runs.mjs';

/**
 * A row of the table.
 *
 * @typedef {object} Figure
 * @property {string} name
 * @property {readonly number[]} values one for each run
 * @property {string} unit
 * @property {Goal} [goal]
 *
 * @typedef {{ atLeast: number } | { atMost: number }} Goal
 *
 * Results of a part of the benchmark, with remarks.
 *
 * @typedef {{ figures: Figure[], notes: string[] }} Findings
 */

const HEAD = ['', 'median', 'lowest to highest', 'goal', ''];

/**
 * @param {readonly number[]} of results of the gateway, by run
 * @param {readonly number[]} against results of the compared program, from adjacent runs
 */
export const ratios = (of, against) => of.map((value, run) => value / (against[run] ?? Number.NaN));

/** @param {Figure} figure @returns {boolean | undefined} undefined without a goal */
export function isMet({ values, goal }) {
  if (!goal) return undefined;
  const value = median(values);
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}

/** @param {readonly Figure[]} figures */
export const figureTable = (figures) => aligned(rowsOf(figures));

/** @param {readonly Figure[]} figures @returns {string} the table in Markdown */
export function markdownTable(figures) {
  const [head, ...rows] = rowsOf(figures);
  const lines = [head ?? [], ['---', '---:', '---:', '---:', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {readonly Figure[]} figures */
function rowsOf(figures) {
  const rows = figures.map((figure) => {
    const { name, values, unit, goal } = figure;
    const spread = `${written(Math.min(...values))} to ${written(Math.max(...values))}`;
    const verdict = { true: 'met', false: 'missed' }[String(isMet(figure))] ?? '';
    return [
      name,
      `${written(median(values))} ${unit}`.trim(),
      values.length > 1 ? spread : '',
      goalText(goal),
      verdict,
    ];
  });
  return [HEAD, ...rows];
}

/** @param {Goal | undefined} goal */
function goalText(goal) {
  if (!goal) return '';
  return 'atLeast' in goal ? `≥ ${written(goal.atLeast)}` : `≤ ${written(goal.atMost)}`;
}

/** Two or three significant digits, but always the whole integer part. @param {number} value */
const written = (value) =>
  value >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(value < 10 ? 2 : 3)));
