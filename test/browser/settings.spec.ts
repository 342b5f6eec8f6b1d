import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, useBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { USERS, VIEWER } from '../support/operators.js';
import { until } from '../support/until.js';

const browser = useBrowser();
let gateway: TestGateway;
beforeAll(async () => {
  const config = { ...DEMO_CONFIG, admin: { users: USERS }, devices: { retireAfterDays: 123 } };
  gateway = await startTestGateway({ config });
});
afterAll(() => gateway.close());

describe('the settings', () => {
  it('show version, migrations and partitions', async () => {
    const page = await browser.open(gateway, '/settings', { as: VIEWER });
    await page.getByText(process.version).waitFor();
    await page.getByText('Up to date').waitFor();
    const tables = page.getByRole('table', { name: 'Partitions of the ledger' });
    await tables.getByText('notification', { exact: true }).waitFor();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('are found by any part of a name, with value and source, and the URL keeps the search', async () => {
    const page = await browser.open(gateway, '/settings');
    await page.getByLabel('Search settings').fill('retireafter');
    const setting = page.locator('[data-path="devices.retireAfterDays"]');
    await setting.getByText('123').waitFor();
    await setting.getByText('Configuration file').waitFor();
    await page.getByText(/^1 of \d+ settings$/).waitFor();
    await until(() => page.url().endsWith('?q=retireafter'));
    await page.reload();
    await setting.getByText('123').waitFor();
    await page.getByLabel('Search settings').fill('no-such-setting');
    await page.getByRole('button', { name: 'Show all settings' }).click();
    await page.getByText(/^(\d+) of \1 settings$/).waitFor();
    await page.getByLabel('Only settings that differ from the defaults').check();
    await setting.getByText('123').waitFor();
    await expectNoAxeViolations(page);
  });

  it('contain no secret', async () => {
    const page = await browser.open(gateway, '/settings?only=set');
    await page.getByText('[set]').first().waitFor();
    const text = await page.content();
    for (const secret of [DEMO.apiKey, DEMO.webhook.password, ...USERS.map(({ password }) => password)])
      expect(text).not.toContain(secret);
  });
});
