import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { postSettled } from '../support/arrange.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, useBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { sms } from '../support/payloads.js';

const GUARDS: Readonly<Record<string, object>> = {
  capped: { prices: [{ perSegment: 0.01 }], perAppPerMonth: { texts: 5, money: 2 } },
  pumped: { pumping: { texts: 2 } },
};

const browser = useBrowser();
let gateway: TestGateway;
beforeAll(async () => {
  const apps = Object.entries(GUARDS).map(([appId, guard]) => ({
    ...{ appId, region: 'us', webhook: { basicAuth: [DEMO.webhook] } },
    clients: { apiKeys: [`key-of-${appId}`] },
    sms: { defaultCountry: 'US', providers: [{ id: 'sandbox', type: 'sandbox' }], guard },
  }));
  gateway = await startTestGateway({ config: { apps } });
  await send('capped', `ann-${'x'.repeat(90)}`, '+14155559001', 2);
  await send('capped', 'bob', '+447400123456', 1);
  await send('pumped', 'eve', '+14155559002', 3);
});
afterAll(() => gateway.close());

/** Sends SMS of one segment each, one after another. */
async function send(appId: string, uid: string, phno: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const body = { ...sms(phno, uid), appId };
    body.data['smsContent'] = `You have ${i} messages.`;
    await postSettled(gateway, 'sms', body, `key-of-${appId}`);
  }
}

/** Cells of a table's body, row by row. */
async function cells(page: Page, name: string): Promise<string[][]> {
  const table = page.getByRole('table', { name, exact: true });
  await table.waitFor();
  const rows = await table.locator('tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('td').allTextContents()));
}

describe('the spend page', () => {
  it('shows limits, sums, days, stopped prefixes and users', async () => {
    const page = await browser.open(gateway, '/spend');
    await page.getByText('3 of 5').waitFor();
    await page.getByText('US$0.03 of US$2.00').waitFor();
    expect(
      await page.getByRole('meter', { name: 'SMS of capped this month' }).getAttribute('aria-valuenow'),
    ).toBe('3');
    expect(await cells(page, 'By app, provider and country')).toEqual([
      ['capped', 'sandbox', 'United States', '2', 'US$0.02'],
      ['pumped', 'sandbox', 'United States', '2', '–'],
      ['capped', 'sandbox', 'United Kingdom', '1', 'US$0.01'],
    ]);
    expect(await cells(page, 'Stopped prefixes')).toEqual([['+1415…', 'pumped', expect.any(String)]]);
    const users = await cells(page, 'Users with the most segments');
    expect(users.map(([uid = '', app, segments]) => [uid.slice(0, 5), app, segments])).toEqual(
      expect.arrayContaining([
        ['ann-x', 'capped', '2'],
        ['eve', 'pumped', '2'],
        ['bob', 'capped', '1'],
      ]),
    );
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('limits everything to the app in the URL, and offers the days as a file', async () => {
    const page = await browser.open(gateway, '/spend?app=pumped&days=7');
    expect(await cells(page, 'By app, provider and country')).toEqual([
      ['pumped', 'sandbox', 'United States', '2', '–'],
    ]);
    expect(await page.getByRole('radio', { name: 'Last 7 days' }).isChecked()).toBe(true);
    await page.getByText('No monthly limit is set.').waitFor();
    const downloaded = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as CSV' }).click();
    const file = await downloaded;
    expect(file.suggestedFilename()).toBe('sms-spend.csv');
    const answer = await page.context().request.get(file.url());
    expect(await answer.text()).toMatch(
      /^day,appId,provider,country,segments,cost,currency\r\n\d{4}-\d\d-\d\d,pumped,sandbox,US,2,,\r\n$/,
    );
  });
});
