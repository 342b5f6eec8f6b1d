import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { registerPhone } from '../support/arrange.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, useBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { USERS, VIEWER } from '../support/operators.js';
import { until } from '../support/until.js';

/** Long enough to see a message wait, short enough for a test. */
const DELIVERY = { backoffMs: 500, maxBackoffMs: 1_000 };

const browser = useBrowser();

const phoneOf = (page: Page, name: string): Locator => page.getByRole('article', { name });
const newest = (page: Page): Locator => page.getByRole('region', { name: 'On its way' });
const cardsOf = (phone: Locator): Promise<string[]> => phone.getByRole('listitem').allInnerTexts();

/** Waits until the phone shows a notification or SMS that contains all of these. */
const shows = (phone: Locator, ...texts: string[]) =>
  until(
    async () => (await cardsOf(phone)).some((card) => texts.every((text) => card.includes(text))),
    () => cardsOf(phone),
  );

async function send(page: Page, event: string, button: string, text?: string): Promise<void> {
  await page.getByRole('radio', { name: event, exact: true }).check();
  if (text !== undefined) await page.getByRole('textbox', { name: 'Text' }).fill(text);
  await page.getByRole('button', { name: button, exact: true }).click();
}

const switchPush = (page: Page, state: string): Promise<void> =>
  page
    .getByRole('group', { name: 'How default answers to Push' })
    .getByRole('radio', { name: state })
    .check();

describe('the first minute with the demo', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ demo: true, config: { delivery: DELIVERY } });
  });
  afterAll(() => gateway.close());

  it('sends, rings, declines, loses the vendor and gets it back', async () => {
    const page = await browser.open(gateway, '/settings');
    await page.goto('/');
    expect(new URL(page.url()).pathname).toBe('/admin/phones');
    const ann = phoneOf(page, 'ann · Android');
    await ann.waitFor();
    await phoneOf(page, 'bob · iPhone').waitFor();

    await page.getByRole('button', { name: 'Send a message' }).click();
    await shows(ann, 'Chat', 'Bob', 'Are you there?');
    const way = newest(page);
    await way.getByText('Arrived').waitFor();
    await way.getByText('Sent', { exact: true }).waitFor();
    const story = await way.getByRole('link').getAttribute('href');
    expect(story).toMatch(/^\/admin\/notifications\/[0-9a-f-]{36}$/);

    await send(page, 'Call', 'Ring');
    await ann.getByText('Incoming call').waitFor();
    await ann.getByRole('button', { name: 'Decline' }).click();
    await ann.getByText('Incoming call').waitFor({ state: 'hidden' });
    await way.getByText('ann declined', { exact: true }).waitFor();
    expect(await ann.getByText('Missed call').count()).toBe(0);

    await switchPush(page, 'Down');
    await page.getByText('Does not answer.').waitFor();
    await send(page, 'Message', 'Send a message', 'Still there?');
    await way.getByText('The vendor does not answer. Bellhop keeps the message').waitFor();
    await way.getByText('Queued', { exact: true }).waitFor();
    expect(await ann.getByText('Still there?').count()).toBe(0);
    await switchPush(page, 'Up');
    await shows(ann, 'Bob', 'Are you there?', 'Still there?');
    await way.getByText(/^Accepted at attempt \d+$/).waitFor();

    await send(page, 'SMS', 'Send an SMS', 'Dinner at eight?');
    await ann.getByRole('radio', { name: 'SMS (1)' }).check();
    await shows(ann, 'Dinner at eight?', '1 segment · GSM-7');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('rings an iPhone until the caller hangs up, and shows the missed call', async () => {
    const page = await browser.open(gateway, '/phones');
    const bob = phoneOf(page, 'bob · iPhone');
    await bob.waitFor();
    await page.getByRole('button', { name: 'Swap sender and recipient' }).click();
    await send(page, 'Call', 'Ring');
    await bob.getByRole('button', { name: 'Answer' }).waitFor();
    await expectNoAxeViolations(page);
    await newest(page).getByRole('button', { name: 'Hang up as the caller' }).click();
    await shows(bob, 'Phone', 'Ann', 'Missed');
    expect(await bob.getByRole('button', { name: 'Answer' }).count()).toBe(0);
  });

  it('answers and hangs up', async () => {
    const page = await browser.open(gateway, '/phones');
    const ann = phoneOf(page, 'ann · Android');
    await ann.waitFor();
    await send(page, 'Call', 'Ring');
    await ann.getByRole('button', { name: 'Answer' }).press('Enter');
    await ann.getByText('Call in progress').waitFor();
    await ann.getByRole('button', { name: 'Hang up' }).press('Enter');
    await ann.getByText('Call in progress').waitFor({ state: 'hidden' });
    await newest(page).getByText('ann hung up', { exact: true }).waitFor();
    expect(await ann.getByText('Missed call').count()).toBe(0);
  });

  it('draws right-to-left text, emoji and a long uid, and replaces an edited message', async () => {
    const uid = `u${'x'.repeat(99)}`;
    const page = await browser.open(gateway, '/phones');
    await page.getByRole('button', { name: 'Add a phone' }).click();
    await page.getByRole('textbox', { name: 'User (uid)' }).fill(uid);
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('web');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const phone = phoneOf(page, `${uid} · Browser`);
    await phone.waitFor();
    const push = (body: string, sentAt: string) =>
      gateway.webhook('push', {
        trigger: 'push-notification-payload-generated',
        appId: 'app123',
        region: 'us',
        webhook: 'custom',
        data: {
          to: { uid },
          notificationDetails: { type: 'chat', title: 'מאיה 👩‍👩‍👧', body, tag: '7', sentAt, sender: 'maya' },
        },
      });
    const now = Date.now();
    await push('שלום', String(now));
    await shows(phone, 'מאיה 👩‍👩‍👧', 'שלום');
    await push('שלום לך', String(now + 1));
    await shows(phone, 'שלום לך');
    expect(await cardsOf(phone)).toHaveLength(1);
    await expectNoSidewaysScroll(page);
  });

  it('says what fails and stays usable', async () => {
    const page = await browser.open(gateway, '/phones', { refusals: [503] });
    await phoneOf(page, 'ann · Android').waitFor();
    await page.route('**/sandbox/play', (route) =>
      route.fulfill({ status: 503, json: { message: 'Too busy.' } }),
    );
    await page.getByRole('button', { name: 'Send a message' }).click();
    await page.getByRole('alert').getByText('Too busy.').waitFor();
    await page.unroute('**/sandbox/play');
    await page.getByRole('button', { name: 'Send a message' }).click();
    await newest(page).getByText('Arrived').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('outside the demo', () => {
  it('lets a viewer look, without contents and without buttons', async () => {
    const gateway = await startTestGateway({ config: { admin: { users: USERS } } });
    try {
      const operator = await browser.open(gateway, '/phones');
      await operator.getByText('No phones yet').waitFor();
      await operator.getByRole('button', { name: 'Add a phone' }).last().click();
      await operator.getByRole('textbox', { name: 'User (uid)' }).fill('ann');
      await operator.getByRole('button', { name: 'Add', exact: true }).click();
      await phoneOf(operator, 'ann · Android').waitFor();
      await send(operator, 'Message', 'Send a message', 'For ann alone');
      await shows(phoneOf(operator, 'ann · Android'), 'For ann alone');

      const page = await browser.open(gateway, '/phones', { as: VIEWER });
      await shows(phoneOf(page, 'ann · Android'), '(13 characters)');
      expect(await page.getByText('For ann alone').count()).toBe(0);
      await page.getByText('Your login is read-only').waitFor();
      expect(await page.getByRole('main').getByRole('radio').count()).toBe(0);
      await expectNoAxeViolations(page);
    } finally {
      await gateway.close();
    }
  });

  it('rings for as long as the gateway rings', async () => {
    const gateway = await startTestGateway({ config: { delivery: { ...DELIVERY, ringSeconds: 10 } } });
    try {
      await registerPhone(gateway, 'ann');
      const page = await browser.open(gateway, '/phones');
      const ann = phoneOf(page, 'ann · Android');
      await ann.waitFor();
      await send(page, 'Call', 'Ring');
      await ann.getByText('Incoming call').waitFor();
      // Well before the default of 45 seconds.
      await ann.getByText('Incoming call').waitFor({ state: 'hidden', timeout: 25_000 });
      await shows(ann, 'Phone', 'Bob', 'Missed');
      const [ring] = await gateway.sandboxMessages();
      expect(Date.now() - Date.parse(ring?.at ?? '')).toBeGreaterThanOrEqual(9_000);
    } finally {
      await gateway.close();
    }
  });

  it('says what to do without a sandbox', async () => {
    const [app] = (await import('../../src/platform/config/demo-config.js')).DEMO_CONFIG.apps;
    const real = { ...app, push: { providers: [] }, sms: { providers: [] } };
    const gateway = await startTestGateway({ config: { apps: [real] } });
    try {
      const page = await browser.open(gateway, '/phones');
      await page.getByText('No sandbox provider').waitFor();
      await page.getByText('type: sandbox').first().waitFor();
      expect(await page.getByRole('button', { name: 'Send a message' }).count()).toBe(0);
      await expectNoAxeViolations(page);
    } finally {
      await gateway.close();
    }
  });
});
