import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { registerPhone } from '../support/arrange.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, heading, useBrowser } from '../support/browser.js';
import { basic, startTestGateway, type TestGateway } from '../support/gateway.js';
import { push, sms } from '../support/payloads.js';
import { startTwilioServer, type TwilioServer } from '../support/twilio-server.js';
import { until } from '../support/until.js';

const [DEMO_APP] = DEMO_CONFIG.apps;
const GUARD = { prices: [{ perSegment: 0.01 }], perAppPerMonth: { texts: 4, money: 10 } };
const STATS = '**/v1/stats?**';

const browser = useBrowser();
/** Has received three pushes, a duplicate of one, a webhook with wrong credentials, and an SMS of one segment. */
let gateway: TestGateway;
/** Has received nothing; its account `wrong` fails its check. */
let fresh: TestGateway;
let twilio: TwilioServer;
beforeAll(async () => {
  twilio = await startTwilioServer({ tls: false });
  const wrong = {
    ...{ id: 'wrong', type: 'twilio', endpoint: twilio.url, accountSid: twilio.accountSid },
    ...{ authToken: '0'.repeat(32), from: '+15005550006' },
  };
  const broken = { ...DEMO_APP, sms: { defaultCountry: 'US', providers: [wrong] } };
  fresh = await startTestGateway({ config: { apps: [broken], checks: { everyHours: 6 } } });
  gateway = await startTestGateway({
    config: { apps: [{ ...DEMO_APP, sms: { ...DEMO_APP?.sms, guard: GUARD } }] },
  });
  await fill();
});
afterAll(async () => {
  await Promise.all([gateway.close(), fresh.close()]);
  await twilio.close();
});

async function fill(): Promise<void> {
  await registerPhone(gateway, 'ann');
  const events = ['1', '2', '3'].map((tag) => push({ tag }, 'ann'));
  const answers = [];
  for (const event of [...events, events[0]]) answers.push(await gateway.webhook('push', event));
  const text = sms('+14155559001', 'ann');
  text.data['smsContent'] = 'You have 2 messages.';
  answers.push(await gateway.webhook('sms', text));
  await gateway.notifications(
    answers.map((answer) => answer.json<{ notificationId: string }>().notificationId),
  );
  const refused = await gateway.webhook('push', push(), { authorization: basic('cometchat', 'wrong') });
  expect(refused.statusCode).toBe(401);
  await addSpooled();
}

/** As after an outage of the queue. */
async function addSpooled(): Promise<void> {
  const sql = new pg.Client({ connectionString: gateway.databaseUrl });
  await sql.connect();
  await sql.query(
    `INSERT INTO tally (span_seconds, start, measure, app_id, labels, n)
     SELECT 60, date_trunc('minute', now() - interval '10 minutes'), 'spool', '', json_build_object('result', result)::text, n
     FROM (VALUES ('spooled', 3), ('drained', 2)) AS counted(result, n)`,
  );
  await sql.end();
}

const chart = (page: Page, title: string) => page.getByRole('figure', { name: title, exact: true });

/** Sums of the columns of a chart's table, by their headings. */
async function sums(page: Page, title: string): Promise<Record<string, number>> {
  const table = chart(page, title).getByRole('table');
  if (!(await table.isVisible())) await chart(page, title).getByText('As a table').click();
  await table.waitFor();
  const rows = await table.getByRole('row').all();
  const texts = await Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
  const [headings = [], ...values] = texts;
  const columns = headings.slice(1).map((name, index) => {
    const numbers = values.map((row) => Number(row[index + 1]?.replace('–', '0')));
    return [name, numbers.reduce((sum, number) => sum + number, 0)] as const;
  });
  return Object.fromEntries(columns);
}

async function spooled(page: Page): Promise<Record<string, number> | false> {
  const found = await sums(page, 'Spooled events per minute');
  return Object.keys(found).length > 0 && found;
}

describe('the overview', () => {
  it('counts webhooks and attempts exactly, in the tables of its charts', async () => {
    const page = await browser.open(gateway, '/');
    await page.getByText('No problems').waitFor();
    await chart(page, 'Webhooks per minute').waitFor();
    // The page asks again every ten seconds, and a process counts for up to a second before it writes.
    const counted = async (title: string, accepted: number) => {
      const found = await sums(page, title);
      return found['Accepted'] === accepted && found;
    };
    expect(await until(() => counted('Webhooks per minute', 4))).toEqual({
      'Wrong credentials (401)': 1,
      Accepted: 4,
      Duplicate: 1,
    });
    expect(await until(() => counted('Push attempts of default per minute', 3))).toEqual({ Accepted: 3 });
    expect(await until(() => counted('SMS attempts of sandbox per minute', 1))).toEqual({ Accepted: 1 });
    expect(await until(() => spooled(page))).toEqual({
      'Into the spool': 3,
      'From the spool to the queue': 2,
    });
    await page.getByRole('img', { name: /^Webhooks per minute\. Latest: .*Accepted \d/ }).waitFor();
    await page.getByRole('img', { name: /^Pushes of messages\. Latest: p50 \d.*p95 \d.*p99 \d/ }).waitFor();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('keeps the span in the URL, and zooms into a part of it', async () => {
    const page = await browser.open(gateway, '/?span=24h');
    await chart(page, 'Webhooks per minute').waitFor();
    const choice = (name: string) => page.getByRole('radio', { name, exact: true });
    expect(await choice('Last 24 hours').isChecked()).toBe(true);
    await choice('Last 7 days').check();
    await page.waitForURL(/[?&]span=7d/);
    const plot = chart(page, 'Webhooks per minute').locator('.u-over');
    const box = await plot.boundingBox();
    expect(box).not.toBeNull();
    const { x, y, width } = box ?? { x: 0, y: 0, width: 0 };
    await page.mouse.move(x + width * 0.25, y + 40);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.75, y + 40, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/[?&]from=\d{4}-\d\d-\d\dT[^&]+&to=/);
    expect(page.url()).not.toContain('span=');
    await page.getByRole('button', { name: 'Back to the last hour' }).click();
    await page.waitForURL(/[?&]span=1h/);
    expect(await choice('Last hour').isChecked()).toBe(true);
  });

  it('leads from a time of a chart to its notifications', async () => {
    const page = await browser.open(gateway, '/');
    await chart(page, 'Push attempts of default per minute').getByText('As a table').click();
    await chart(page, 'Push attempts of default per minute').getByRole('link').first().click();
    await page.waitForURL(/\/admin\/notifications\?/);
    const { searchParams } = new URL(page.url());
    const [from, to] = ['from', 'to'].map((name) => Date.parse(searchParams.get(name) ?? ''));
    expect((to ?? 0) - (from ?? 0)).toBe(60_000);
    expect([searchParams.get('channel'), searchParams.get('provider')]).toEqual(['push', 'default']);
  });

  it('shows what SMS cost today, against the limits', async () => {
    const page = await browser.open(gateway, '/');
    await page.getByText('1 of 4').waitFor();
    await page.getByText('US$0.01 of US$10.00').waitFor();
    const meter = page.getByRole('meter', { name: 'SMS of app123 this month' });
    expect(await meter.getAttribute('aria-valuenow')).toBe('1');
  });

  it('shows what is wrong, and leads to its page', async () => {
    const page = await browser.open(fresh, '/');
    const problem = page.getByRole('listitem').filter({ hasText: 'app123/sms/wrong' });
    await problem.getByText('Error').waitFor();
    await expectNoAxeViolations(page);
    await problem.getByRole('link', { name: 'Open the providers' }).click();
    await heading(page, 'Providers').waitFor();
  });

  it('leads to the phones while nothing has been received', async () => {
    const page = await browser.open(fresh, '/');
    await page.getByText('No notification yet').waitFor();
    await page.getByRole('link', { name: 'Open the phones' }).click();
    await heading(page, 'Phones').waitFor();
    expect(new URL(page.url()).pathname).toBe('/admin/phones');
  });

  it('keeps the rest of the page when a call fails', async () => {
    const page = await browser.open(gateway, '/audit', { refusals: [503] });
    const answer = { code: 'SERVICE.STORE_UNAVAILABLE', message: 'The database is unavailable.' };
    await page.route(STATS, (route) => route.fulfill({ status: 503, json: answer }));
    await page.getByRole('link', { name: 'Overview' }).click();
    const failure = page.getByRole('alert').filter({ hasText: 'The charts could not be loaded' });
    await failure.getByText('The database is unavailable.').waitFor();
    await page.getByText('No problems').waitFor();
    await page.getByText('1 of 4').waitFor();
    await page.unroute(STATS);
    await failure.getByRole('button', { name: 'Try again' }).click();
    await chart(page, 'Webhooks per minute').waitFor();
    expect(await failure.count()).toBe(0);
  });
});
