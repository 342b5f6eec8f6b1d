import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { registerPhone } from '../support/arrange.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, useBrowser } from '../support/browser.js';
import { insertFailed } from '../support/failed-notifications.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { USERS, VIEWER } from '../support/operators.js';
import { push } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { SANDBOXES, switchSandbox } from '../support/sandbox.js';
import { until } from '../support/until.js';

const MANY = 40;
const browser = useBrowser();
let postgres: TestPostgres;
let sql: pg.Pool;
let gateway: TestGateway;
beforeAll(async () => {
  postgres = await startPostgres();
  sql = new pg.Pool({ connectionString: postgres.url, max: 1 });
  sql.on('error', () => undefined);
  gateway = await startTestGateway({
    postgres,
    config: { delivery: { maxAttempts: 1 }, admin: { users: USERS } },
  });
  await registerPhone(gateway, 'ann');
});
afterAll(async () => {
  await gateway.close();
  await sql.end();
  await postgres.close();
});

async function send(tag: string): Promise<string> {
  const answer = await gateway.webhook('push', push({ tag }, 'ann'));
  return answer.json<{ notificationId: string }>().notificationId;
}

async function start(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: 'Count', exact: true }).click();
  await page.getByRole('button', { name: button }).click();
  const dialog = page.getByRole('dialog', { name: 'Start the replay?' });
  await dialog.getByText('Users see them as new messages.').waitFor();
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe('the page of replays', () => {
  it('sends again what an outage has kept from its users', async () => {
    await switchSandbox(gateway, SANDBOXES.push, 'down');
    const failed = await gateway.notifications([await send('r1'), await send('r2')]);
    expect(failed.map(({ deliveries }) => deliveries[0]?.reason)).toEqual([
      'provider_unavailable',
      'provider_unavailable',
    ]);
    await switchSandbox(gateway, SANDBOXES.push, 'up');
    const before = (await gateway.sandboxMessages()).length;

    const page = await browser.open(gateway, '/replay');
    await page.getByText('No replays yet').waitFor();
    await expectNoAxeViolations(page);
    await page.getByRole('button', { name: 'Count', exact: true }).click();
    await page.getByText('2 notifications with 2 deliveries would be sent again.').waitFor();
    await page.getByText('Nothing has been sent yet.').waitFor();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
    expect(await gateway.sandboxMessages()).toHaveLength(before);

    await page.getByRole('button', { name: 'Send 2 notifications again' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start the replay?' });
    await dialog.getByText(`2 notifications of ${DEMO.appId} will be sent again`).waitFor();
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    const results = page.getByRole('table', { name: 'Last notifications sent again' });
    await until(
      async () => (await results.getByText('Sent', { exact: true }).count()) === 2,
      () => page.getByRole('main').innerText(),
    );
    await page.getByText('Done', { exact: true }).first().waitFor();
    expect(await gateway.sandboxMessages()).toHaveLength(before + 2);
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);

    await page.getByRole('link', { name: 'Show each result' }).click();
    await page.waitForURL('**/admin/notifications?*replayId=*');
    const list = page.getByRole('table', { name: 'Notifications' });
    await until(async () => (await list.locator('tbody tr').count()) === 2);
    await page.goBack();
    await results.getByRole('link').first().click();
    await page.waitForURL('**/admin/notifications/*');
  });

  it('says what is left out, and that nothing remains', async () => {
    const page = await browser.open(gateway, '/replay');
    await page.getByRole('button', { name: 'Count', exact: true }).click();
    await page.getByText('Nothing to send again').waitFor();
    await page.getByText('Sent again by another replay').waitFor();
    expect(await page.getByRole('button', { name: /^Send/ }).count()).toBe(0);
  });

  it('pauses, resumes and cancels', async () => {
    await insertFailed(
      sql,
      Array.from({ length: MANY }, (_, index) => ({ uid: `crowd-${index}`, deliveries: [{}] })),
    );
    const page = await browser.open(gateway, '/replay');
    await page.getByLabel('Per second').fill('1');
    await start(page, `Send ${MANY} notifications again`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('The replay is paused').first().waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('The replay has resumed').first().waitFor();
    await page.getByRole('button', { name: 'Cancel the replay' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel the replay?' });
    await expectNoAxeViolations(page);
    await dialog.getByRole('button', { name: 'Stop sending' }).click();
    await page.getByText('The replay is cancelled').first().waitFor();
    await page.getByRole('table', { name: 'Replays' }).getByText('Cancelled').waitFor();
    expect(await page.getByRole('button', { name: /^(Pause|Resume|Cancel the replay)$/ }).count()).toBe(0);
  });

  it('keeps its filter in the URL and names its faults', async () => {
    const page = await browser.open(gateway, '/replay');
    for (const reason of ['unreachable', 'over quota', 'credentials'])
      await page
        .getByRole('checkbox', { name: new RegExp(reason) })
        .first()
        .uncheck();
    await page.getByRole('button', { name: 'Count', exact: true }).click();
    await page.getByText('Choose at least one reason.').waitFor();
    await page.getByLabel('Received').selectOption('Last 24 hours');
    const url = new URL(page.url());
    expect([url.searchParams.get('span'), url.searchParams.get('reasons')]).toEqual(['24h', 'none']);
  });

  it('lets a viewer look only', async () => {
    const page = await browser.open(gateway, '/replay', { as: VIEWER });
    await page.getByText('Your login is read-only.').waitFor();
    await page.getByRole('table', { name: 'Replays' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Replay', exact: true, level: 2 }).waitFor();
    expect(await page.getByRole('button', { name: /Count|Pause|Resume|Cancel/ }).count()).toBe(0);
    await expectNoAxeViolations(page);
  });
});
