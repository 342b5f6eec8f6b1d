import { seen, withPage } from './browser.mjs';

/**
 * @typedef {import('./browser.mjs').Sight} Sight
 * @typedef {{ interactiveMs: number[], bytes: number[] }} FirstPage one value per load
 */

/** Its heading, every plot drawn and no part still loading. @type {Sight} */
const OVERVIEW = {
  has: ['main h1', 'main figure canvas'],
  hasNot: ['main [role="status"] + *, main [role="status"]', 'main figure [role="img"]:not(:has(canvas))'],
};
/** Its form, ready for the username. @type {Sight} */
const LOGIN = { has: ['main h1', 'main form input:focus'], hasNot: [] };

/**
 * Loads `/admin/` with an empty cache, each time in a new browser context.
 *
 * @param {object} options
 * @param {import('./browser.mjs').Browser} options.browser
 * @param {string} options.url
 * @param {number} options.runs after one that is not measured
 * @returns {Promise<{ overview: FirstPage, login: FirstPage }>}
 */
export async function measureFirstPages({ browser, url, runs }) {
  const load = (/** @type {boolean} */ isLoggedIn) => loadOnce({ browser, url, isLoggedIn });
  const overview = { interactiveMs: /** @type {number[]} */ ([]), bytes: /** @type {number[]} */ ([]) };
  const login = { interactiveMs: /** @type {number[]} */ ([]), bytes: /** @type {number[]} */ ([]) };
  for (let run = 0; run <= runs; run++) {
    for (const [found, isLoggedIn] of /** @type {const} */ ([
      [overview, true],
      [login, false],
    ])) {
      const { interactiveMs, bytes } = await load(isLoggedIn);
      if (run === 0) continue;
      found.interactiveMs.push(interactiveMs);
      found.bytes.push(bytes);
    }
    process.stderr.write('.');
  }
  return { overview, login };
}

/** @param {{ browser: import('./browser.mjs').Browser, url: string, isLoggedIn: boolean }} options */
function loadOnce({ browser, url, isLoggedIn }) {
  const first = isLoggedIn ? OVERVIEW : LOGIN;
  return withPage({ browser, url, isLoggedIn, first }, async (page) => {
    let bytes = 0;
    const network = await page.context().newCDPSession(page);
    network.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await network.send('Network.enable');
    await page.goto('/admin/');
    const { interactiveMs } = await seen(page);
    return { interactiveMs, bytes };
  });
}
