import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { DEMO_ADMIN } from '../../src/platform/config/process-settings.js';
import { postSettled } from '../support/arrange.js';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  expectShown,
  focusedName,
  heading,
  useBrowser,
} from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { USERS, VIEWER } from '../support/operators.js';
import { push } from '../support/payloads.js';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
/** Whole console in gzip, in bytes. */
const BUDGET = 200_000;
const ASSETS = 'dist/console/assets';

const browser = useBrowser();
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { admin: { users: USERS } } });
});
afterAll(() => gateway.close());

async function logIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Username').fill(DEMO_ADMIN.username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** The cookie of the session, as the browser keeps it. */
async function sessionCookie(page: Page) {
  return (await page.context().cookies()).find(({ name }) => name === 'bellhop');
}

describe('the files of the console', () => {
  it('come with the policy, and only those with a hash in their name are cached', async () => {
    const page = await gateway.request({ url: '/admin/notifications', headers: { accept: 'text/html' } });
    expect(page.statusCode).toBe(200);
    expect(page.headers).toMatchObject({
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
    });
    const [script = ''] = /\/admin\/assets\/index-[\w-]+\.js/.exec(page.body) ?? [];
    for (const encoding of ['br', 'gzip']) {
      const file = await gateway.request({ url: script, headers: { 'accept-encoding': encoding } });
      expect(file.statusCode).toBe(200);
      expect(file.headers).toMatchObject({
        'content-security-policy': POLICY,
        'cache-control': 'public, max-age=31536000, immutable',
        'content-encoding': encoding,
        vary: 'accept-encoding',
      });
    }
  });

  it('do not hide what else lies below /admin', async () => {
    const html = { accept: 'text/html' };
    const statusOf = async (url: string, headers = html) =>
      (await gateway.request({ url, headers })).statusCode;
    expect(await statusOf('/admin/queues')).toBe(401);
    expect(await statusOf('/admin/queues/none')).toBe(404);
    expect(await statusOf('/admin/api/none')).toBe(404);
    expect(await statusOf('/admin/assets/none.js')).toBe(404);
    expect(await statusOf('/admin/providers', { accept: 'application/json' })).toBe(404);
    expect(
      (await gateway.request({ method: 'POST', url: '/admin/providers', headers: html })).statusCode,
    ).toBe(404);
  });

  it('fit the budget', () => {
    const files = readdirSync(ASSETS).filter((name) => name.endsWith('.gz'));
    const bytes = files.reduce((sum, name) => sum + statSync(path.join(ASSETS, name)).size, 0);
    expect(files.some((name) => name.startsWith('plot-'))).toBe(true);
    expect(bytes).toBeLessThanOrEqual(BUDGET);
  });
});

describe('the login', () => {
  it('leads to the page that was asked for, with its filters', async () => {
    const page = await browser.open(gateway, '/providers?app=app123', { as: null });
    await logIn(page, DEMO_ADMIN.password);
    await heading(page, 'Providers').waitFor();
    expect(page.url()).toBe(`${gateway.url}/admin/providers?app=app123`);
    expect(await sessionCookie(page)).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  });

  it('leads nowhere but to the console', async () => {
    for (const next of ['//example.org', '/\\example.org', 'https://example.org', '/login']) {
      const page = await browser.open(gateway, `/login?next=${encodeURIComponent(next)}`, { as: null });
      await logIn(page, DEMO_ADMIN.password);
      await heading(page, 'Overview').waitFor();
      expect(page.url()).toBe(`${gateway.url}/admin/`);
    }
  });

  it('says that the password is wrong', async () => {
    const page = await browser.open(gateway, '/', { as: null, refusals: [401] });
    await logIn(page, 'wrong');
    await expectShown(page.getByRole('alert').getByText('Wrong username or password.'));
    await expectNoAxeViolations(page);
  });

  it('says that too many passwords were wrong', async () => {
    const strict = await startTestGateway({ config: { http: { wrongCredentialsPerMinute: 1 } } });
    const page = await browser.open(strict, '/', { as: null, refusals: [401, 429] });
    for (const guess of ['wrong-1', 'wrong-2', 'wrong-3']) {
      const answered = page.waitForResponse((response) => response.request().method() === 'POST');
      await logIn(page, guess);
      await answered;
    }
    await expectShown(page.getByText(/^Too many wrong passwords .* Try again in \d+ seconds?\.$/));
    await strict.close();
  });

  it('comes back when the session has ended, and says so', async () => {
    const page = await browser.open(gateway, '/audit', { refusals: [401] });
    await heading(page, 'Audit log').waitFor();
    await page.context().clearCookies();
    await page.getByRole('combobox', { name: 'Search' }).fill('ann');
    await page.getByText('Your session has ended.').waitFor();
    expect(page.url()).toBe(`${gateway.url}/admin/login?next=%2Faudit`);
    await logIn(page, DEMO_ADMIN.password);
    await heading(page, 'Audit log').waitFor();
  });

  it('is shown after a logout, without the cookie', async () => {
    const page = await browser.open(gateway, '/settings');
    await page.getByRole('heading', { level: 2, name: 'Process' }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await heading(page, 'Log in').waitFor();
    expect(await sessionCookie(page)).toBeUndefined();
    await page.reload();
    await heading(page, 'Log in').waitFor();
  });

  it('is accessible and fits 320 px', async () => {
    const page = await browser.open(gateway, '/', { as: null });
    await heading(page, 'Log in').waitFor();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });
});

describe('the shell', () => {
  it('shows who is logged in', async () => {
    const page = await browser.open(gateway, '/', { as: VIEWER });
    const account = page.getByRole('region', { name: 'Account' });
    await account.getByText(VIEWER.username).waitFor();
    await expectShown(account.getByText('Viewer (read-only)'));
  });

  it('is accessible, also with its lists and dialogs open', async () => {
    const page = await browser.open(gateway, '/settings');
    await heading(page, 'Settings').waitFor();
    await expectNoAxeViolations(page);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await expectNoAxeViolations(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('is reached by keyboard alone', async () => {
    const page = await browser.open(gateway, '/settings');
    await heading(page, 'Settings').waitFor();
    const reached: string[] = [];
    for (let stop = 0; stop < 18; stop += 1) {
      await page.keyboard.press('Tab');
      reached.push(await focusedName(page));
    }
    expect(reached).toEqual([
      'Skip to the content',
      'Bellhop',
      'Search',
      'Keyboard shortcuts',
      'Overview',
      'Notifications',
      'Users',
      'Phones',
      'Providers',
      'Queues',
      'Replay',
      'SMS spend',
      'Rules',
      'Audit log',
      'Settings',
      'System',
      'Log out',
      expect.any(String),
    ]);
  });

  it('folds its navigation at narrow widths', async () => {
    const page = await browser.open(gateway, '/', { width: 320 });
    await heading(page, 'Overview').waitFor();
    const menu = page.getByRole('button', { name: 'Menu' });
    await expectNoSidewaysScroll(page);
    await menu.click();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('link', { name: 'Queues' }).press('Escape');
    expect(await focusedName(page)).toBe('Menu');
    await menu.click();
    await page.getByRole('link', { name: 'Queues' }).click();
    await heading(page, 'Queues').waitFor();
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
  });

  it('keeps the chosen theme', async () => {
    const page = await browser.open(gateway, '/');
    const background = () =>
      page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    await page.getByRole('radio', { name: 'Light' }).waitFor();
    const light = await background();
    await page.getByTitle('Dark').click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole('radio', { name: 'Dark' }).waitFor();
    expect(await background()).toBe(dark);
    expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true);
  });

  it('finds notifications and people by keyboard', async () => {
    const { id: notificationId } = await postSettled(gateway, 'push', push({}, 'ann'));
    const page = await browser.open(gateway, '/settings');
    await heading(page, 'Settings').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(notificationId);
    await page.getByRole('option', { name: /^ann Notification/ }).waitFor();
    await expectNoAxeViolations(page);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/admin/notifications/${notificationId}`);
    await page.keyboard.press('/');
    await page.keyboard.type('nobody-at-all');
    await expectShown(page.getByText('Nothing found.', { exact: false }));
    await page.keyboard.press('Escape');
  });

  it('switches its single keys off', async () => {
    const page = await browser.open(gateway, '/settings');
    await heading(page, 'Settings').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: /^Shortcuts without/ }).uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    expect(await focusedName(page)).not.toBe('Search');
  });

  it('says that an address has no page', async () => {
    const page = await browser.open(gateway, '/nowhere');
    await heading(page, 'Page not found').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Go to the overview' }).click();
    await expectShown(heading(page, 'Overview'));
  });
});
