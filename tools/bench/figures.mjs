import { aligned, median } from './runs.mjs';

/**
 * One line of the table.
 *
 * @typedef {object} Figure
 * @property {string} name
 * @property {readonly number[]} values one for each run
 * @property {string} unit
 * @property {Goal} [goal]
 *
 * @typedef {{ atLeast: number } | { atMost: number }} Goal
 *
 * What a part of the benchmark has found, and what has to be said beside it.
 *
 * @typedef {{ figures: Figure[], notes: string[] }} Findings
 */

const HEAD = ['', 'median', 'lowest to highest', 'goal', ''];

/**
 * @param {readonly number[]} of what the gateway did, run by run
 * @param {readonly number[]} against what it is compared with, each measured right beside it
 */
export const ratios = (of, against) => of.map((value, run) => value / (against[run] ?? Number.NaN));

/** @param {Figure} figure @returns {boolean | undefined} undefined where there is no goal */
export function isMet({ values, goal }) {
  if (!goal) return undefined;
  const value = median(values);
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}

/** @param {readonly Figure[]} figures */
export const figureTable = (figures) => aligned(rowsOf(figures));

/** @param {readonly Figure[]} figures @returns {string} the same in Markdown */
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

/** Three digits, and no fewer than stand before the point. @param {number} value */
const written = (value) =>
  value >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(value < 10 ? 2 : 3)));
