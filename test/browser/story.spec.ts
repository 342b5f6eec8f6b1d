import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  focusedName,
  useBrowser,
} from '../support/browser.js';
import { startCometChat, type CometChatServer } from '../support/cometchat-server.js';
import {
  OPERATOR_AUTH,
  startTestGateway,
  type NotificationJson,
  type StoryJson,
  type TestGateway,
} from '../support/gateway.js';
import { USERS, VIEWER } from '../support/operators.js';
import { addPast } from '../support/past-notifications.js';
import { push, sms } from '../support/payloads.js';
import { until } from '../support/until.js';

const CROWD = 450;
const RTL = { uid: 'دانا-🎈', title: '🎉 مرحبا بالعالم 👩‍👩‍👧‍👦', body: 'שלום, سلام' };

const browser = useBrowser();
let chat: CometChatServer;
let gateway: TestGateway;
beforeAll(async () => {
  chat = await startCometChat(DEMO.appId);
  chat.isLogging = true;
  const cometchat = { apiEndpoint: chat.url, ca: chat.ca, restApiKey: 'rest-api-key' };
  gateway = await startTestGateway({
    config: {
      apps: [{ ...DEMO_CONFIG.apps[0], cometchat }],
      admin: { users: USERS, showContent: true },
    },
  });
  await register('ann', 'token-of-ann');
  await addPast(gateway.databaseUrl, { appId: DEMO.appId, uid: 'crowd', count: CROWD });
});
afterAll(async () => {
  await gateway.close();
  await chat.close();
});

async function register(uid: string, fcmToken: string): Promise<void> {
  const url = `/v1/users/${encodeURIComponent(uid)}/devices`;
  const answer = await gateway.backend('POST', url, { platform: 'fcm_android', fcmToken });
  expect(answer.statusCode).toBe(201);
}

/** Posts a webhook. @returns its notification once it is settled */
async function post(channel: 'push' | 'sms', event: object): Promise<NotificationJson> {
  const answer = await gateway.webhook(channel, event);
  return gateway.notification(answer.json<{ notificationId: string }>().notificationId);
}

/** A push to a phone on which the app is no longer installed. */
async function postFailing(uid: string): Promise<NotificationJson> {
  await register(uid, `unregistered-token-of-${uid}`);
  return post('push', push({ tag: uid }, uid));
}

const storyOf = async (id: string): Promise<StoryJson> =>
  (await gateway.backend('GET', `/v1/notifications/${id}`)).json<StoryJson>();
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const table = (page: Page) => page.getByRole('table', { name: 'Notifications' });
const rows = (page: Page) => table(page).locator('tbody tr');

/** Presses a key until the focus is on the element with this name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; (await focusedName(page)) !== name; presses += 1) {
    expect(presses).toBeLessThan(60);
    await page.keyboard.press('Tab');
  }
}

describe('the way from a question to a resend', () => {
  it('takes the keyboard alone', async () => {
    const { id } = await postFailing('carl');
    const page = await browser.open(gateway, '/settings');
    await heading(page, 'Settings').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('carl');
    const active = page.locator('[role=option][aria-selected=true]');
    await active.waitFor();
    while (!/Notification/.test((await active.textContent()) ?? '')) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/admin/notifications/${id}`);
    await page
      .getByRole('region', { name: 'Outcome' })
      .getByText('Not delivered. The vendor says that the app is no longer installed', { exact: false })
      .waitFor();
    await tabTo(page, 'Resend');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Resend this notification?' }).waitFor();
    await expectNoAxeViolations(page);
    await tabTo(page, 'Resend');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'The original' }).waitFor();
    const newId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect(newId).not.toBe(id);
    await gateway.notification(newId);
    expect(await storyOf(newId)).toMatchObject({ source: 'resend', originId: id, uid: 'carl' });
    await tabTo(page, 'The original');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/admin/notifications/${id}`);
    await page.getByRole('link', { name: /^Resend, / }).waitFor();
  });

  it('leads through the list as well', async () => {
    const { id } = await postFailing('cora');
    const page = await browser.open(gateway, '/notifications?uid=cora');
    await rows(page).first().waitFor();
    await tabTo(page, (await rows(page).first().getByRole('link').textContent()) ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/admin/notifications/${id}`);
    await heading(page, 'Message to cora').waitFor();
    expect(await page.title()).toBe('Message to cora · Bellhop');
  });
});

describe('the list', () => {
  it('is restored from its address', async () => {
    await postFailing('dora');
    const page = await browser.open(
      gateway,
      '/notifications?status=failed&uid=dora&reason=token_unregistered&span=1h',
    );
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBe(1);
    expect(await rows(page).first().textContent()).toMatch(/dora.*Failed.*Message.*The app was uninstalled/);
    expect(await page.getByLabel('Status', { exact: true }).inputValue()).toBe('failed');
    expect(await page.getByLabel('Uid').inputValue()).toBe('dora');
    expect(await page.getByLabel('Received', { exact: true }).inputValue()).toBe('1h');
    expect(await page.getByLabel('Reason').inputValue()).toBe('token_unregistered');
    await page.getByLabel('Status', { exact: true }).selectOption('sent');
    await page.getByText('Nothing came for this user').waitFor();
    expect(new URL(page.url()).search).toBe('?status=sent&uid=dora&reason=token_unregistered&span=1h');
    await page.goBack();
    await rows(page).first().waitFor();
  });

  it('has views for what is asked most', async () => {
    await post('push', push({ tag: 'lost' }, 'nobody'));
    const page = await browser.open(gateway, '/notifications');
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
    const page = await browser.open(gateway, '/notifications?uid=twice');
    await page.getByText('More filters').click();
    await page.getByLabel('Received again').selectOption('No');
    await page.getByText('Nothing came for this user').waitFor();
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
    const page = await browser.open(gateway, '/notifications?uid=crowd');
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
    const page = await browser.open(gateway, '/notifications?uid=crowd');
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
    const page = await browser.open(gateway, '/notifications?uid=live');
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
    const page = await browser.open(gateway, '/settings', { refusals: [503] });
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
    const page = await browser.open(gateway, `/notifications?uid=${'x'.repeat(10_000)}`, { refusals: [400] });
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

describe('a story', () => {
  it('tells each step, what it means and what to do', async () => {
    const { id, deliveries } = await postFailing('eva');
    const page = await browser.open(gateway, `/notifications/${id}`);
    await heading(page, 'Message to eva').waitFor();
    const story = await storyOf(id);
    const steps = page.locator('ol > li');
    expect(await steps.filter({ hasText: 'Received as a webhook of CometChat' }).count()).toBeGreaterThan(0);
    await steps.filter({ hasText: 'Planned one delivery.' }).first().waitFor();
    const attempt = steps.filter({ hasText: 'Attempt 1' }).last();
    expect(await attempt.textContent()).toContain('Refused');
    expect(await attempt.textContent()).toContain(deliveries[0]?.attempts[0]?.vendorCode ?? '?');
    const outcome = page.getByRole('region', { name: 'Outcome' });
    const plain = (text: string | null) => (text ?? '').replaceAll('`', '');
    for (const said of [story.explanation.summary, story.explanation.cause, story.explanation.fix])
      expect(await outcome.textContent()).toContain(plain(said));
    await page.getByRole('button', { name: 'Copy the notification’s id' }).click();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(id);
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('goes on while the page is open', async () => {
    const event = push({ sessionId: 'v1.console' }, 'ann', 'push-call-initiated');
    const ring = await post('push', event);
    const page = await browser.open(gateway, `/notifications/${ring.id}`);
    await heading(page, 'Call to ann').waitFor();
    await page.getByText('Ringing').waitFor();
    await post('push', push({ sessionId: 'v1.console' }, 'ann', 'push-call-cancelled'));
    await page.getByText('cancelled').waitFor();
    await page.getByRole('link', { name: 'Everything about this call' }).click();
    await rows(page).nth(1).waitFor();
    expect(await rows(page).count()).toBe(2);
  });

  it('of an SMS has its segments', async () => {
    const { id } = await post('sms', sms('+14155550123', 'sam'));
    const page = await browser.open(gateway, `/notifications/${id}`);
    await heading(page, 'SMS to sam').waitFor();
    await page.getByRole('heading', { name: 'Delivery by SMS' }).waitFor();
    await page.getByRole('heading', { level: 2, name: 'SMS' }).waitFor();
    await page.getByRole('button', { name: 'Send a test SMS' }).waitFor();
    expect(await page.content()).not.toContain('+14155550123');
  });

  it('tests a device and shows the vendor’s word', async () => {
    const { id } = await post('push', push({ tag: 'test-me' }, 'ann'));
    const page = await browser.open(gateway, `/notifications/${id}`);
    await page.getByRole('button', { name: 'Test this device' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send a test' });
    await dialog.getByRole('button', { name: 'Send the test' }).click();
    await dialog.getByText('Accepted', { exact: true }).waitFor();
    await expectNoAxeViolations(page);
    const href = await dialog.getByRole('link', { name: 'Open the test’s story' }).getAttribute('href');
    const tested = await storyOf(href?.split('/').at(-1) ?? '');
    expect(tested).toMatchObject({ source: 'test', uid: 'ann' });
  });

  it('resends to one device', async () => {
    const { id, deliveries } = await post('push', push({ tag: 'one-device' }, 'ann'));
    const page = await browser.open(gateway, `/notifications/${id}`);
    await page.getByRole('button', { name: 'Resend to this device' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resend' }).click();
    await page.getByRole('link', { name: 'The original' }).waitFor();
    const again = await gateway.notification(new URL(page.url()).pathname.split('/').at(-1) ?? '');
    expect(again.deliveries.map(({ deviceId }) => deviceId)).toEqual([deliveries[0]?.deviceId]);
  });

  it('hides what people wrote until somebody asks, which is on record', async () => {
    await register(RTL.uid, 'token-of-dana');
    const { title, body } = RTL;
    const { id } = await post('push', push({ tag: 'rtl', title, body }, RTL.uid));
    const page = await browser.open(gateway, `/notifications/${id}`);
    await heading(page, `Message to ${RTL.uid}`).waitFor();
    expect(await page.content()).not.toContain(title);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText(title, { exact: false }).waitFor();
    const audit = await gateway.request({ url: '/v1/audit', headers: { authorization: OPERATOR_AUTH } });
    expect(audit.body).toContain('notification.reveal');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('that is not there says so', async () => {
    const page = await browser.open(gateway, '/notifications/0197ab12-0000-7000-8000-000000000001', {
      refusals: [404],
    });
    await page.getByText('No notification has this id').waitFor();
    const list = page.getByRole('link', { name: 'All notifications' });
    expect(await list.getAttribute('href')).toBe('/admin/notifications');
    await expectNoAxeViolations(page);
  });
});

describe('a viewer', () => {
  it('reads the story and changes nothing', async () => {
    const { id } = await post('push', push({ tag: 'seen', title: 'Secret title' }, 'ann'));
    const page = await browser.open(gateway, `/notifications/${id}`, { as: VIEWER });
    await page.getByRole('link', { name: 'Open the person' }).waitFor();
    expect(await page.getByRole('button', { name: /Resend|Test/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('Only lengths are shown', { exact: false }).waitFor();
    expect(await page.content()).not.toContain('Secret title');
    await page.goto('/admin/notifications');
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: 'Export as NDJSON' }).waitFor();
  });
});

describe('a message of which nothing came', () => {
  it('leads from the search to CometChat’s own words', async () => {
    chat.log.push({
      ...{ _id: 'row-1', channel: 'push', provider: 'custom', messageId: 909_090 },
      ...{ trigger: 'after_message', messageSentAtMS: Date.now(), processingStartedAtMS: Date.now() },
      ...{ sender: 'ann', receiver: 'bert', receiverType: 'user' },
      ...{ payload: { body: 'Secret words' }, pushToken: 'secret-token' },
      ...{ notificationTriggered: false, reason: 'MUTE_PREFERENCE' },
    });
    const page = await browser.open(gateway, '/settings');
    await heading(page, 'Settings').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('909090');
    await page.getByRole('option', { name: /ask CometChat/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/notifications?tag=909090');
    await page.getByText('Nothing came for this message').waitFor();
    await page.getByRole('button', { name: 'Ask CometChat' }).click();
    await page.getByText('CometChat did not notify (MUTE_PREFERENCE).', { exact: false }).waitFor();
    const log = page.getByRole('table', { name: 'CometChat’s log' });
    expect(await log.textContent()).toMatch(/bert.*Not called.*The user has muted this conversation\./);
    await page.getByText('CometChat has no custom provider for pushes', { exact: false }).first().waitFor();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('says so if CometChat does not answer', async () => {
    const page = await browser.open(gateway, '/notifications?uid=unheard-of', { refusals: [502, 503] });
    chat.trouble = { status: 503 };
    await page.getByRole('button', { name: 'Ask CometChat' }).click();
    await page.getByText('Not answered').first().waitFor();
    chat.trouble = undefined;
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByText('Not answered').first().waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'What CometChat says' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
