import { uidOf } from '../search-ledger.mjs';
import { idle, seen, watch, withPage } from './browser.mjs';

/**
 * @typedef {import('./browser.mjs').Sight} Sight
 * @typedef {import('./browser.mjs').Page} Page
 *
 * A way to a page of the list.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string} action the event from which the time counts
 * @property {string} [from] the page that is loaded first; unset: the step follows its previous run
 * @property {(page: Page, run: number) => Promise<unknown>} prepare
 * @property {(page: Page, run: number) => Promise<unknown>} act
 */

/** A whole page of rows which belong to the present filters. @type {Sight} */
const LIST = { has: ['main h1'], hasNot: ['main table[aria-busy="true"]'], rows: 50 };
const LIST_PATH = '/admin/notifications';
const IDLE_MS = 500;

/** @param {Page} page @param {string} label @param {string | undefined} value */
const choose = (page, label, value) => page.getByLabel(label, { exact: true }).selectOption(value ?? '');
/** @param {readonly string[]} values @param {number} run */
const inTurn = (values, run) => values[run % values.length];
const nothing = async () => undefined;

/** @param {number} people @returns {readonly Step[]} */
const stepsOf = (people) => [
  {
    name: 'the link to the notifications',
    action: 'click',
    from: '/admin/',
    prepare: nothing,
    act: (page) => page.getByRole('link', { name: 'Notifications', exact: true }).click(),
  },
  {
    name: 'the next page',
    action: 'click',
    prepare: (page, run) => (run === 0 ? open(page, LIST_PATH) : idle(page, IDLE_MS)),
    act: (page) => page.getByRole('button', { name: 'Older', exact: true }).click(),
  },
  {
    name: 'a status',
    action: 'change',
    from: LIST_PATH,
    prepare: nothing,
    act: (page, run) => choose(page, 'Status', inTurn(['failed', 'skipped', 'sent'], run)),
  },
  {
    name: 'a kind',
    action: 'change',
    from: LIST_PATH,
    prepare: nothing,
    act: (page, run) => choose(page, 'Kind', inTurn(['sms', 'call'], run)),
  },
  {
    name: 'a user',
    action: 'click',
    from: LIST_PATH,
    prepare: (page, run) => page.getByLabel('Uid', { exact: true }).fill(uidOf((run * 7) % people)),
    act: (page) => page.getByRole('button', { name: 'Apply', exact: true }).click(),
  },
];

/** @param {Page} page @param {string} path */
async function open(page, path) {
  await page.goto(path);
  await page.locator('main h1').waitFor();
  await idle(page, IDLE_MS);
}

/**
 * Measures the time from an action to a painted page of 50 rows that were not in the browser.
 *
 * @param {object} options
 * @param {import('./browser.mjs').Browser} options.browser
 * @param {string} options.url
 * @param {number} options.people
 * @param {number} options.runs of each step, after one that is not measured
 * @returns {Promise<{ name: string, paintedMs: number[] }[]>}
 */
export function measureList({ browser, url, people, runs }) {
  return withPage({ browser, url, isLoggedIn: true }, async (page) => {
    const results = [];
    for (const step of stepsOf(people)) {
      /** @type {number[]} */
      const paintedMs = [];
      for (let run = 0; run <= runs; run++) {
        if (step.from !== undefined) await open(page, step.from);
        await step.prepare(page, run);
        await watch(page, LIST, step.action);
        await step.act(page, run);
        const { paintedMs: ms } = await seen(page);
        if (run > 0) paintedMs.push(ms);
      }
      process.stderr.write('.');
      results.push({ name: step.name, paintedMs });
    }
    return results;
  });
}
