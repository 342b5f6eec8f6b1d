import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, heading } from '../support/browser.js';
import type { NotificationJson } from '../support/gateway.js';
import { addPast } from '../support/past-notifications.js';
import { push } from '../support/payloads.js';
import { until } from '../support/until.js';
import { rows, useNotifications } from './notifications.fixture.js';

const CROWD = 450;
const { chat, gateway, open, post, postFailing, storyOf } = useNotifications();
beforeAll(() => addPast(gateway().databaseUrl, { appId: DEMO.appId, uid: 'crowd', count: CROWD }));

describe('the list', () => {
  it('is restored from its address', async () => {
    await postFailing('dora');
    const page = await open('/notifications?status=failed&uid=dora&reason=token_unregistered&span=1h');
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBe(1);
    expect(await rows(page).first().textContent()).toMatch(/dora.*Failed.*Message.*The app was uninstalled/);
    expect(await page.getByLabel('Status', { exact: true }).inputValue()).toBe('failed');
    expect(await page.getByLabel('Uid').inputValue()).toBe('dora');
    expect(await page.getByLabel('Received', { exact: true }).inputValue()).toBe('1h');
    expect(await page.getByLabel('Reason').inputValue()).toBe('token_unregistered');
    await page.getByLabel('Status', { exact: true }).selectOption('sent');
    await page.getByText('No webhook for this user').waitFor();
    expect(new URL(page.url()).search).toBe('?status=sent&uid=dora&reason=token_unregistered&span=1h');
    await page.goBack();
    await rows(page).first().waitFor();
  });

  it('has views for what is asked most', async () => {
    await post('push', push({ tag: 'lost' }, 'nobody'));
    const page = await open('/notifications');
    await rows(page).first().waitFor();
    await expectNoAxeViolations(page);
    await page.getByRole('link', { name: 'Skipped: no device' }).click();
    await page.waitForURL('**/notifications?status=skipped&reason=no_device');
    await rows(page).filter({ hasText: 'nobody' }).first().waitFor();
    await page.getByRole('link', { name: 'Failed last hour' }).click();
    await page.waitForURL('**/notifications?status=failed&span=1h');
    await page.getByRole('link', { name: 'Late rings' }).click();
    await page.waitForURL('**/notifications?kind=call&slowerThanMs=1000&span=24h');
    await page.getByText('No notification matches').waitFor();
    const current = page.getByRole('navigation', { name: 'Saved views' }).locator('[aria-current]');
    expect(await current.allTextContents()).toEqual(['Late rings']);
    await expectNoAxeViolations(page);
  });

  it('finds what was received again, and says how often', async () => {
    const event = push({ tag: 'again', sentAt: '1' }, 'twice');
    const first = await post('push', event);
    await post('push', event);
    await until(async () => (await storyOf(first.id)).duplicates !== null);
    const page = await open('/notifications?uid=twice');
    await page.getByText('More filters').click();
    await page.getByLabel('Received again').selectOption('No');
    await page.getByText('No webhook for this user').waitFor();
    await page.getByLabel('Received again').selectOption('Yes');
    await page.waitForURL('**/notifications?uid=twice&hasDuplicate=true');
    await rows(page).filter({ hasText: 'twice' }).getByRole('link').waitFor();
    await expectNoAxeViolations(page);
    await page.reload();
    await rows(page).filter({ hasText: 'twice' }).getByRole('link').click();
    await page.getByText('Received again once; nothing more was sent.').waitFor();
    await expectNoAxeViolations(page);
  });

  it('goes to older pages and back, and says how far it looked', async () => {
    const page = await open('/notifications?uid=crowd');
    await rows(page).first().waitFor();
    const firstOf = async () => rows(page).first().getByRole('link').getAttribute('href');
    const newest = await firstOf();
    expect(await rows(page).count()).toBe(50);
    await page.getByText(/^Looked back to /).waitFor();
    await page.getByRole('button', { name: 'Older' }).click();
    await until(async () => (await firstOf()) !== newest);
    const second = await firstOf();
    await page.getByRole('button', { name: 'Older' }).click();
    await until(async () => (await firstOf()) !== second);
    await page.getByRole('button', { name: 'Newer' }).click();
    await until(async () => (await firstOf()) === second);
    await page.getByRole('button', { name: 'Newest' }).click();
    await until(async () => (await firstOf()) === newest);
    expect(new URL(page.url()).search).toBe('?uid=crowd');
  });

  it('is saved as NDJSON, all pages of it', async () => {
    const page = await open('/notifications?uid=crowd');
    await rows(page).first().waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as NDJSON' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^notifications-[\dT-]+\.ndjson$/);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    const found = lines.map((line) => JSON.parse(line) as NotificationJson);
    expect(new Set(found.map(({ id }) => id)).size).toBe(CROWD);
    expect(found.every(({ uid, deliveries }) => uid === 'crowd' && deliveries.length === 1)).toBe(true);
  });

  it('counts new notifications and moves no row until asked', async () => {
    const first = await post('push', push({ tag: 'live-1' }, 'live'));
    const page = await open('/notifications?uid=live');
    await rows(page).first().waitFor();
    const second = await post('push', push({ tag: 'live-2' }, 'live'));
    await post('push', push({ tag: 'live-3' }, 'another'));
    await page.getByRole('button', { name: 'Show 1 new notification' }).click({ trial: true });
    expect(await rows(page).count()).toBe(1);
    await page.getByRole('button', { name: 'Show 1 new notification' }).click();
    await rows(page).nth(1).waitFor();
    const links = await rows(page).getByRole('link').all();
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual(
      [second, first].map(({ id }) => `/admin/notifications/${id}`),
    );
    await page.getByRole('button', { name: /new notification/ }).waitFor({ state: 'detached' });
  });

  it('says that a call failed, and tries again', async () => {
    const page = await open('/settings', { refusals: [503] });
    await heading(page, 'Settings').waitFor();
    const message = 'The ledger is not available.';
    const body = { statusCode: 503, code: 'LEDGER.UNAVAILABLE', message, requestId: 'request-1' };
    await page.route('**/v1/notifications?*', (route) => route.fulfill({ status: 503, json: body }));
    await page.getByRole('link', { name: 'Notifications' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('The notifications could not be loaded').waitFor();
    await alert.getByText(message).waitFor();
    await alert.getByText('Request request-1').waitFor();
    await expectNoAxeViolations(page);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await rows(page).first().waitFor();
    expect(await alert.count()).toBe(0);
  });

  it('holds a uid of 10,000 characters', async () => {
    const page = await open(`/notifications?uid=${'x'.repeat(10_000)}`, { refusals: [400] });
    await page.getByRole('alert').getByText('The notifications could not be loaded').waitFor();
    await page.getByText('must be 1 to 100 characters', { exact: false }).first().waitFor();
    await expectNoSidewaysScroll(page);
    await page.getByLabel('Uid').fill('crowd');
    await page.getByRole('button', { name: 'Apply' }).click();
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBe(50);
    await expectNoSidewaysScroll(page);
  });
});

describe('a message of which nothing came', () => {
  it('leads from the search to CometChat’s own words', async () => {
    chat().log.push({
      ...{ _id: 'row-1', channel: 'push', provider: 'custom', messageId: 909_090 },
      ...{ trigger: 'after_message', messageSentAtMS: Date.now(), processingStartedAtMS: Date.now() },
      ...{ sender: 'ann', receiver: 'bert', receiverType: 'user' },
      ...{ payload: { body: 'Secret words' }, pushToken: 'secret-token' },
      ...{ notificationTriggered: false, reason: 'MUTE_PREFERENCE' },
    });
    const page = await open('/settings');
    await heading(page, 'Settings').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('909090');
    await page.getByRole('option', { name: /ask CometChat/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/notifications?tag=909090');
    await page.getByText('No webhook for this message').waitFor();
    await page.getByRole('button', { name: 'Ask CometChat' }).click();
    await page.getByText('CometChat did not notify (MUTE_PREFERENCE).', { exact: false }).waitFor();
    const log = page.getByRole('table', { name: 'CometChat’s log' });
    expect(await log.textContent()).toMatch(/bert.*Not called.*The user has muted this conversation\./);
    await page.getByText('CometChat has no custom provider for pushes', { exact: false }).first().waitFor();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('opens nothing that was found for the beginning of the text', async () => {
    const page = await open('/settings');
    await heading(page, 'Settings').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('ann');
    await page.getByRole('option', { name: /^ann/ }).first().waitFor();
    await page.keyboard.type('zz');
    await page.keyboard.press('Enter');
    expect(page.url()).not.toContain('/people/');
  });

  it('says so if CometChat does not answer', async () => {
    const page = await open('/notifications?uid=unheard-of', { refusals: [502, 503] });
    chat().trouble = { status: 503 };
    await page.getByRole('button', { name: 'Ask CometChat' }).click();
    await page.getByText('Not answered').first().waitFor();
    chat().trouble = undefined;
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByText('Not answered').first().waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'What CometChat says' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
