import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type ConsoleMessage,
  type Locator,
  type Page,
} from 'playwright-core';
import { DEMO_ADMIN } from '../../src/platform/config/process-settings.js';
import { findChromium } from '../../scripts/find-chromium.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Chromium reports every answer from 400 on. This is how the console learns that there is no session. */
const EXPECTED_REFUSALS = [/^401 .*\/admin\/api\/session$/];

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface PageOptions {
  /** Logs in before the page is opened; null: nobody. Default: the demo's operator. */
  readonly as?: Login | null;
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  /** Statuses from 400 on that the test provokes. Others fail it. */
  readonly refusals?: readonly number[];
}

export interface TestBrowser {
  /** Opens a page of the console, given as below `/admin`. */
  open(gateway: { readonly url: string }, path: string, options?: PageOptions): Promise<Page>;
}

/**
 * Runs one Chromium for the spec file; pages are closed after each test. A test fails on a violation of the page's policy,
 * an uncaught error, and any error or warning on the browser's console. Call it at the top of the file; build the console
 * before (`npm run test:browser` does).
 */
export function useBrowser(): TestBrowser {
  let browser: Browser;
  let contexts: BrowserContext[] = [];
  let problems: string[] = [];
  beforeAll(async () => {
    const executablePath = findChromium();
    if (executablePath === undefined) throw new Error('No Chromium on the PATH.');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    const found = problems;
    [contexts, problems] = [[], []];
    expect(found).toEqual([]);
  });
  return {
    async open({ url }, path, { as = DEMO_ADMIN, width = 1_280, theme = 'light', refusals = [] } = {}) {
      const context = await browser.newContext({
        baseURL: url,
        viewport: { width, height: 800 },
        colorScheme: theme,
        reducedMotion: 'reduce',
        locale: 'en-GB',
        timezoneId: 'UTC',
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      contexts.push(context);
      if (as) await logIn(context, as);
      const page = await context.newPage();
      page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
      page.on('console', (message) => {
        if (isProblem(message, refusals)) problems.push(`${message.type()}: ${message.text()}`);
      });
      await page.goto(`/admin${path}`);
      return page;
    },
  };
}

async function logIn(context: BrowserContext, { username, password }: Login): Promise<void> {
  const answer = await context.request.post('/admin/api/session', { data: { username, password } });
  if (!answer.ok()) throw new Error(`The login was answered ${answer.status()}.`);
}

function isProblem(message: ConsoleMessage, refusals: readonly number[]): boolean {
  if (message.type() !== 'error' && message.type() !== 'warning') return false;
  const [, status] = /^Failed to load resource: .* status of (\d{3})/.exec(message.text()) ?? [];
  if (status === undefined) return true;
  const isExpected = EXPECTED_REFUSALS.some((pattern) => pattern.test(`${status} ${message.location().url}`));
  return !isExpected && !refusals.includes(Number(status));
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Checks WCAG 2.2 AA and best practice in both themes. */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(AXE);
    const options = JSON.stringify({ runOnly: RULES, resultTypes: ['violations'] });
    const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
    const found = violations.map(
      ({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
    );
    expect(found).toEqual([]);
  }
}

/** Nothing but tables in their frames scrolls sideways, also at 320 px. */
export async function expectNoSidewaysScroll(page: Page, width = 320): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow).toBe(0);
}

/** Waits until something is shown. */
export const expectShown = (locator: Locator): Promise<void> => locator.waitFor();

/** Where the keyboard is: the accessible name, or else the text, of the element with the focus. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate<string>(
    `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.labels?.[0]?.textContent ?? document.activeElement?.textContent ?? '').trim()`,
  );
}

/** The heading of the page. */
export const heading = (page: Page, name: string): Locator =>
  page.getByRole('heading', { level: 1, name, exact: true });
