import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { registerPhone } from '../support/arrange.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, useBrowser } from '../support/browser.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { USERS, VIEWER } from '../support/operators.js';
import { push } from '../support/payloads.js';
import { until } from '../support/until.js';

/** A breaker opens after ten failures of three addresses. More would wait, and fail again once it is released. */
const UIDS = ['ann', 'ben', 'cas'];
const FAILURES = 10;
const PUBLIC_URL = 'https://push.example.com';
const headers = { authorization: OPERATOR_AUTH };

const browser = useBrowser();
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    config: { delivery: { maxAttempts: 1 }, admin: { users: USERS } },
    settings: { publicUrl: PUBLIC_URL },
  });
  for (const uid of UIDS) await registerPhone(gateway, uid);
});
afterAll(() => gateway.close());

const cardOf = (page: Page, id: string): Locator => page.getByRole('article', { name: id, exact: true });

/** As `GET /v1/providers` has it. */
async function stateOf(id: string): Promise<string | undefined> {
  const { data } = (await gateway.request({ url: '/v1/providers', headers })).json<{
    data: { id: string; state: string }[];
  }>();
  return data.find((provider) => provider.id === id)?.state;
}

async function openBreaker(): Promise<void> {
  for (let n = 0; n < FAILURES; n += 1) {
    const uid = UIDS[n % UIDS.length];
    await gateway.webhook('push', push({ tag: `b${n}`, conversationId: `${uid}_user_${n}` }, uid));
  }
  await until(
    async () => (await stateOf('default')) === 'open',
    () => stateOf('default'),
  );
}

describe('the page of providers', () => {
  it('checks an account and shows the result in words', async () => {
    const page = await browser.open(gateway, '/providers');
    const card = cardOf(page, 'sandbox');
    await page.getByRole('heading', { name: `${DEMO.appId}: SMS` }).waitFor();
    await card.getByText('sandbox', { exact: true }).first().waitFor();
    await card.getByRole('button', { name: 'Check now' }).click();
    await card.getByText('Last check').waitFor();
    await page
      .getByText(/^The check (passed|did not pass)$/)
      .first()
      .waitFor();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('sends a test to a user', async () => {
    const page = await browser.open(gateway, '/providers');
    await cardOf(page, 'default').getByRole('button', { name: 'Send a test…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send a test' });
    await dialog.getByRole('button', { name: 'Send the test' }).click();
    await dialog.getByText('is required').waitFor();
    await dialog.getByLabel('Uid').fill('ann');
    await dialog.getByRole('button', { name: 'Send the test' }).click();
    await dialog.getByText('Accepted', { exact: true }).waitFor();
    await expectNoAxeViolations(page);
    await dialog.getByRole('link', { name: 'Open the story of the test' }).click();
    await page.waitForURL('**/admin/notifications/*');
  });

  it('shows attempts by outcome, devices, and when the vendor called back', async () => {
    const page = await browser.open(gateway, '/providers');
    const card = cardOf(page, 'default');
    const attempts = card.getByRole('table', { name: 'Attempts of default' });
    await attempts.getByRole('row', { name: 'All 1 1' }).waitFor();
    await attempts.getByRole('row', { name: 'Accepted 100% 100%' }).waitFor();
    await attempts.getByRole('row', { name: /^95 % took at most \d.* \d/ }).waitFor();
    const factOf = (of: Locator, name: string) => of.locator(`dt:text-is("${name}") + dd`).innerText();
    expect(await factOf(card, 'Devices in use')).toBe(String(UIDS.length));
    expect(await card.getByText('Last called back').count()).toBe(0);

    const sms = cardOf(page, 'sandbox');
    const path = `/callbacks/${DEMO.appId}/sms/sandbox/status`;
    await sms.getByText(`${PUBLIC_URL}${path}`, { exact: true }).waitFor();
    await sms.getByText('and its callbackSecret').first().waitFor();
    expect(await factOf(sms, 'Last called back')).toBe('Never');
    const url = `${path}?secret=${DEMO.callbackSecret}`;
    const answer = await gateway.request({ method: 'POST', url, payload: { id: 'x', status: 'delivered' } });
    expect(answer.statusCode).toBe(200);
    await until(
      async () => (await factOf(sms, 'Last called back')) !== 'Never',
      () => sms.innerText(),
    );
    await expectNoAxeViolations(page);
    await page.setViewportSize({ width: 320, height: 800 });
    await expectNoSidewaysScroll(page);
  });

  it('switches a sandbox down, and releases the breaker that has opened', async () => {
    const page = await browser.open(gateway, '/providers');
    const card = cardOf(page, 'default');
    const vendor = card.getByRole('group', { name: 'How default answers to Push' });
    await vendor.getByRole('radio', { name: 'Down' }).check();
    await card.getByText('Does not answer.').waitFor();
    await openBreaker();
    await card.getByText('Breaker open', { exact: true }).first().waitFor();
    await card.getByText(/Next probe |next delivery probes/).waitFor();
    await card.getByText('switched_down').waitFor();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);

    await vendor.getByRole('radio', { name: 'Up' }).check();
    await card.getByText('Accepts every message at once.').waitFor();
    await card.getByRole('button', { name: 'Release' }).click();
    const dialog = page.getByRole('dialog', { name: 'Release the circuit breaker of default?' });
    await dialog.getByRole('button', { name: 'Release' }).click();
    await page.getByText('The circuit breaker of default is closed').first().waitFor();
    await until(
      async () => (await card.getByText('Working', { exact: true }).count()) === 1,
      async () => `${await stateOf('default')}: ${await card.innerText()}`,
    );
    expect(await stateOf('default')).toBe('closed');
    expect(await card.getByRole('button', { name: 'Release' }).count()).toBe(0);
  });

  it('shows a viewer everything but the actions', async () => {
    const page = await browser.open(gateway, '/providers', { as: VIEWER });
    await cardOf(page, 'default').getByText('The sandbox answers as').waitFor();
    const main = page.getByRole('main');
    expect(await main.getByRole('button').count()).toBe(0);
    expect(await main.getByRole('radio').count()).toBe(0);
    await expectNoAxeViolations(page);
  });
});
