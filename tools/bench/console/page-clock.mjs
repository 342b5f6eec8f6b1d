/**
 * The content that a page must show: an element for each selector of `has`, none for those of `hasNot`, and this many rows of a table.
 *
 * @typedef {object} Sight
 * @property {readonly string[]} has
 * @property {readonly string[]} hasNot
 * @property {number} [rows] of the table; other ones than before the action
 *
 * Times in ms: of `performance.now()`, or since the action.
 *
 * @typedef {object} Seen
 * @property {number} paintedMs the sight is on the screen
 * @property {number} interactiveMs the same, or the end of the last long task after which the main thread is idle
 *
 * @typedef {object} PageClock
 * @property {(sight: Sight, action?: string) => void} watch from the navigation, or from the next event with this name
 * @property {Promise<Seen>} seen
 * @property {(ms: number) => Promise<void>} idle resolves once no long task has run and nothing has changed for `ms`
 *
 * The parts of a browser that it uses.
 *
 * @typedef {object} PageGlobal
 * @property {PageDocument} document
 * @property {new (callback: () => void) => { observe: (target: PageDocument, options: object) => void, disconnect: () => void }} MutationObserver
 * @property {new (callback: (list: { getEntries: () => Task[] }) => void) => { observe: (options: object) => void }} PerformanceObserver
 * @property {(callback: () => void) => void} requestAnimationFrame
 * @property {(name: string, listener: (event: { timeStamp: number }) => void, options: object) => void} addEventListener
 * @property {PageClock} pageClock
 *
 * @typedef {{ startTime: number, duration: number }} Task
 *
 * @typedef {object} PageDocument
 * @property {(selector: string) => Iterable<{ getAttribute: (name: string) => string | null }>} querySelectorAll
 * @property {(selector: string) => object | null} querySelector
 */

/**
 * Runs in the page, before its scripts, and measures by the page's clock, so that the time which the bench itself takes is
 * not measured. It must not refer to anything outside.
 *
 * @param {Sight} [first] watched from the navigation on
 */
export function installPageClock(first) {
  const page = /** @type {PageGlobal} */ (/** @type {unknown} */ (globalThis));
  const { document } = page;
  /** The window without long tasks after which the main thread counts as idle. */
  const QUIET_MS = 500;
  const CHANGES = { childList: true, subtree: true, attributes: true };
  let lastTaskEnd = 0;
  let lastChangeAt = 0;
  const tasks = new page.PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      lastTaskEnd = Math.max(lastTaskEnd, startTime + duration);
  });
  tasks.observe({ type: 'longtask', buffered: true });
  new page.MutationObserver(() => (lastChangeAt = performance.now())).observe(document, CHANGES);

  const rowLinks = () =>
    [...document.querySelectorAll('main tbody [data-row-link]')].map((link) => link.getAttribute('href'));
  /** @param {() => boolean} isTrue @returns {Promise<void>} */
  const until = (isTrue) =>
    new Promise((resolve) => {
      const check = () => (isTrue() ? resolve() : void setTimeout(check, 20));
      check();
    });
  /** @param {Sight} sight @param {string} before */
  const isThere = ({ has, hasNot, rows }, before) => {
    if (has.some((selector) => document.querySelector(selector) === null)) return false;
    if (hasNot.some((selector) => document.querySelector(selector) !== null)) return false;
    const links = rows === undefined ? [] : rowLinks();
    return rows === undefined || (links.length === rows && links.join(' ') !== before);
  };
  /** Resolves two frames after the sight is in the document: then it has been painted. @param {Sight} sight @param {string} before @returns {Promise<number>} */
  const painted = (sight, before) =>
    new Promise((resolve) => {
      const observer = new page.MutationObserver(() => check());
      const check = () => {
        if (!isThere(sight, before)) return;
        observer.disconnect();
        page.requestAnimationFrame(() => page.requestAnimationFrame(() => resolve(performance.now())));
      };
      observer.observe(document, CHANGES);
      check();
    });
  /** @param {Sight} sight @param {string} before @param {number} startedAt @returns {Promise<Seen>} */
  const measure = async (sight, before, startedAt) => {
    const at = await painted(sight, before);
    await until(() => performance.now() - Math.max(at, lastTaskEnd) >= QUIET_MS);
    return { paintedMs: at - startedAt, interactiveMs: Math.max(at, lastTaskEnd) - startedAt };
  };

  /** @type {PageClock} */
  const clock = {
    seen: new Promise(() => undefined),
    watch(sight, action) {
      if (action === undefined) {
        clock.seen = measure(sight, '', 0);
        return;
      }
      const before = rowLinks().join(' ');
      clock.seen = new Promise((resolve) => {
        const start = (/** @type {{ timeStamp: number }} */ { timeStamp }) =>
          resolve(measure(sight, before, timeStamp));
        page.addEventListener(action, start, { capture: true, once: true });
      });
    },
    idle: (ms) => until(() => performance.now() - Math.max(lastTaskEnd, lastChangeAt) >= ms),
  };
  page.pageClock = clock;
  if (first) clock.watch(first);
}
