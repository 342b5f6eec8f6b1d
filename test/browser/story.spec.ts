import { describe, expect, it } from '@jest/globals';
import { registerPhone } from '../support/arrange.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, heading } from '../support/browser.js';
import { OPERATOR_AUTH } from '../support/gateway.js';
import { VIEWER } from '../support/operators.js';
import { push, sms } from '../support/payloads.js';
import { rows, tabTo, useNotifications } from './notifications.fixture.js';

const RTL = { uid: 'دانا-🎈', title: '🎉 مرحبا بالعالم 👩‍👩‍👧‍👦', body: 'שלום, سلام' };
const { gateway, open, post, postFailing, storyOf } = useNotifications();

describe('the way from a question to a resend', () => {
  it('takes the keyboard alone', async () => {
    const { id } = await postFailing('carl');
    const page = await open('/settings');
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
    await gateway().notification(newId);
    expect(await storyOf(newId)).toMatchObject({ source: 'resend', originId: id, uid: 'carl' });
    await tabTo(page, 'The original');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/admin/notifications/${id}`);
    await page.getByRole('link', { name: /^Resend, / }).waitFor();
  });

  it('leads through the list as well', async () => {
    const { id } = await postFailing('cora');
    const page = await open('/notifications?uid=cora');
    await rows(page).first().waitFor();
    await tabTo(page, (await rows(page).first().getByRole('link').textContent()) ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/admin/notifications/${id}`);
    await heading(page, 'Message to cora').waitFor();
    expect(await page.title()).toBe('Message to cora · Bellhop');
  });
});

describe('a story', () => {
  it('tells each step, what it means and what to do', async () => {
    const { id, deliveries } = await postFailing('eva');
    const page = await open(`/notifications/${id}`);
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
    const page = await open(`/notifications/${ring.id}`);
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
    const page = await open(`/notifications/${id}`);
    await heading(page, 'SMS to sam').waitFor();
    await page.getByRole('heading', { name: 'Delivery by SMS' }).waitFor();
    await page.getByRole('heading', { level: 2, name: 'SMS' }).waitFor();
    await page.getByRole('button', { name: 'Send a test SMS…' }).waitFor();
    expect(await page.content()).not.toContain('+14155550123');
  });

  it('tests a device and shows the vendor’s word', async () => {
    const { id } = await post('push', push({ tag: 'test-me' }, 'ann'));
    const page = await open(`/notifications/${id}`);
    await page.getByRole('button', { name: 'Send a test…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send a test' });
    await dialog.getByRole('button', { name: 'Send the test' }).click();
    await dialog.getByText('Accepted', { exact: true }).waitFor();
    await expectNoAxeViolations(page);
    const href = await dialog.getByRole('link', { name: 'Open the story of the test' }).getAttribute('href');
    const tested = await storyOf(href?.split('/').at(-1) ?? '');
    expect(tested).toMatchObject({ source: 'test', uid: 'ann' });
  });

  it('resends to one device', async () => {
    const { id, deliveries } = await post('push', push({ tag: 'one-device' }, 'ann'));
    const page = await open(`/notifications/${id}`);
    await page.getByRole('button', { name: 'Resend to this device' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resend' }).click();
    await page.getByRole('link', { name: 'The original' }).waitFor();
    const again = await gateway().notification(new URL(page.url()).pathname.split('/').at(-1) ?? '');
    expect(again.deliveries.map(({ deviceId }) => deviceId)).toEqual([deliveries[0]?.deviceId]);
  });

  it('hides what people wrote until somebody asks, which is on record', async () => {
    await registerPhone(gateway(), RTL.uid);
    const { title, body } = RTL;
    const { id } = await post('push', push({ tag: 'rtl', title, body }, RTL.uid));
    const page = await open(`/notifications/${id}`);
    await heading(page, `Message to ${RTL.uid}`).waitFor();
    expect(await page.content()).not.toContain(title);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText(title, { exact: false }).waitFor();
    const audit = await gateway().request({ url: '/v1/audit', headers: { authorization: OPERATOR_AUTH } });
    expect(audit.body).toContain('notification.reveal');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('that is not there says so', async () => {
    const page = await open('/notifications/0197ab12-0000-7000-8000-000000000001', {
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
    const page = await open(`/notifications/${id}`, { as: VIEWER });
    await page.getByRole('link', { name: 'Open the user' }).waitFor();
    expect(await page.getByRole('button', { name: /Resend|test/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('Only lengths are shown', { exact: false }).waitFor();
    expect(await page.content()).not.toContain('Secret title');
    await page.goto('/admin/notifications');
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: 'Export as NDJSON' }).waitFor();
  });
});
