import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { registerPhone } from '../support/arrange.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, useBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { OTTO_AUTH, USERS, VIEWER } from '../support/operators.js';
import { until } from '../support/until.js';

const browser = useBrowser();
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { admin: { users: USERS } } });
});
afterAll(() => gateway.close());

const post = (url: string, payload: object = {}) =>
  gateway.request({
    ...{ method: 'POST', url, payload },
    headers: { authorization: OTTO_AUTH, 'content-type': 'application/json' },
  });

describe('the audit log', () => {
  it('says what to expect while it is empty', async () => {
    const page = await browser.open(gateway, '/audit');
    await page.getByText('Nothing recorded yet').waitFor();
    await expectNoAxeViolations(page);
  });

  it('tells in words who did what, with a link to whom it concerned', async () => {
    const id = await registerPhone(gateway, 'ann');
    await post(`/v1/users/ann/devices/${id}/retire`, { reason: 'The phone was lost.' });
    const test = await post('/v1/tests', { kind: 'chat', uid: 'ann' });
    const { notificationId } = test.json<{ notificationId: string }>();

    const page = await browser.open(gateway, '/audit', { as: VIEWER });
    const retired = page.getByRole('row').filter({ hasText: 'Retired a device' });
    await retired.getByText('Reason: The phone was lost.').waitFor();
    expect(await retired.getByText('otto').count()).toBe(1);
    expect(await retired.getByRole('link', { name: 'ann' }).getAttribute('href')).toBe(
      `/admin/people/${DEMO.appId}/ann`,
    );
    const tested = page.getByRole('row').filter({ hasText: 'Sent a test' });
    const hrefs = (await tested.getByRole('link').all()).map((link) => link.getAttribute('href'));
    expect(await Promise.all(hrefs)).toEqual([
      `/admin/people/${DEMO.appId}/ann`,
      `/admin/notifications/${notificationId}`,
    ]);
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('keeps filters and page in the URL', async () => {
    for (let i = 0; i < 51; i += 1) await post(`/v1/providers/${DEMO.appId}/push/default/release`);
    const page = await browser.open(gateway, '/audit');
    await page.getByLabel('Action').selectOption('Released a provider account');
    await until(() => page.url().includes('action=provider.release'));
    const rows = page.getByRole('row').filter({ hasText: 'Released a provider account' });
    await until(async () => (await rows.count()) === 50);
    await page.getByRole('button', { name: 'Older' }).click();
    await until(async () => (await rows.count()) === 1);
    expect(page.url()).toContain('cursor=');
    await page.reload();
    await page.getByRole('button', { name: 'Newest' }).waitFor();
    await until(async () => (await rows.count()) === 1);
    await page.getByLabel('Who').fill('nobody-of-this-name');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Nothing matches the filters').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await until(async () => (await rows.count()) === 50);
    expect(new URL(page.url()).search).toBe('');
  });

  it('refuses a wrong filter in the URL with the reason', async () => {
    const page = await browser.open(gateway, '/audit?from=yesterday', { refusals: [400] });
    await page.getByText('The audit log could not be loaded').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('table', { name: 'Audit log' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });
});
