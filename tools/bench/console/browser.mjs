import { chromium } from 'playwright-core';
import { CHROMIUM_NAMES, findChromium } from '../../../scripts/find-chromium.mjs';
import { OPERATOR } from '../../stage/app.mjs';
import { installPageClock } from './page-clock.mjs';

/**
 * @typedef {import('playwright-core').Browser} Browser
 * @typedef {import('playwright-core').BrowserContext} BrowserContext
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./page-clock.mjs').Sight} Sight
 * @typedef {import('./page-clock.mjs').Seen} Seen
 * @typedef {import('./page-clock.mjs').PageGlobal} PageGlobal
 */

const SIZE = { width: 1_280, height: 800 };

/**
 * Runs a Chromium during `use`.
 *
 * @template T
 * @param {(browser: Browser) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withBrowser(use) {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(`None of ${CHROMIUM_NAMES.join(', ')} is on the PATH.`);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/**
 * Opens a page with an empty cache, which measures itself.
 *
 * @template T
 * @param {{ browser: Browser, url: string, isLoggedIn: boolean, first?: Sight }} options `first`: see `installPageClock`
 * @param {(page: Page) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withPage({ browser, url, isLoggedIn, first }, use) {
  const context = await browser.newContext({ baseURL: url, viewport: SIZE, locale: 'en-GB' });
  try {
    if (isLoggedIn) await logIn(context);
    const page = await context.newPage();
    await page.addInitScript(installPageClock, first);
    return await use(page);
  } finally {
    await context.close();
  }
}

/** @param {BrowserContext} context */
async function logIn(context) {
  const answer = await context.request.post('/admin/api/session', { data: OPERATOR });
  if (!answer.ok()) throw new Error(`The login was answered ${answer.status()}.`);
}

/** Times of what the page was told to watch. @param {Page} page @returns {Promise<Seen>} */
export function seen(page) {
  return page.evaluate(() => /** @type {PageGlobal} */ (/** @type {unknown} */ (globalThis)).pageClock.seen);
}

/** Watches from the next event with this name on. @param {Page} page @param {Sight} sight @param {string} action */
export function watch(page, sight, action) {
  return page.evaluate(
    (/** @type {{ sight: Sight, action: string }} */ asked) =>
      /** @type {PageGlobal} */ (/** @type {unknown} */ (globalThis)).pageClock.watch(
        asked.sight,
        asked.action,
      ),
    { sight, action },
  );
}

/** Waits until the page has been idle for `ms`. @param {Page} page @param {number} ms */
export function idle(page, ms) {
  return page.evaluate(
    (/** @type {number} */ quietMs) =>
      /** @type {PageGlobal} */ (/** @type {unknown} */ (globalThis)).pageClock.idle(quietMs),
    ms,
  );
}
