import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DEMO } from '../../src/platform/config/demo-config.js';
import type { UserDto } from '../../src/users/user.dto.js';
import { postSettled, registerPhone } from '../support/arrange.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, heading, useBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { USERS, VIEWER, VIEWER_AUTH } from '../support/operators.js';
import { push } from '../support/payloads.js';
import { until } from '../support/until.js';

const PHNO = '+14155550133';
const browser = useBrowser();
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { admin: { users: USERS } } });
});
afterAll(() => gateway.close());

let tokens = 0;
/** A phone with a token of its own, unless one is given. */
const register = (uid: string, more: object = {}): Promise<string> =>
  registerPhone(gateway, uid, { fcmToken: `dK3fQx81-APA91bHPRgkFLJu60Ot9aQ${(tokens += 1)}`, ...more });
const show = async (uid: string): Promise<UserDto> =>
  (await gateway.backend('GET', `/v1/users/${encodeURIComponent(uid)}`)).json<UserDto>();
const chatFor = async (uid: string): Promise<string> =>
  (await postSettled(gateway, 'push', push({ tag: `tag-${uid}` }, uid))).id;

const pathOf = (uid: string): string => `/people/${DEMO.appId}/${encodeURIComponent(uid)}`;
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

const dialog = (page: Page) => page.getByRole('dialog');

/** Fills the reason of an open dialog and confirms it. */
async function confirm(page: Page, action: string, reason: string): Promise<void> {
  await dialog(page).getByLabel('Reason').fill(reason);
  await dialog(page).getByRole('button', { name: action, exact: true }).click();
  await dialog(page).waitFor({ state: 'hidden' });
}

describe('the start page of people', () => {
  it('finds a person by the beginning of the uid, by number and by token, which its address does not contain', async () => {
    await register('finn', { fcmToken: 'token-of-finn-that-is-long-enough-to-search' });
    await gateway.backend('PUT', '/v1/users/finn/contact', { phno: '+14155550160' });
    const page = await browser.open(gateway, '/people');
    await expectNoAxeViolations(page);
    for (const query of ['fin', '+14155550160', 'token-of-finn-that-is-long-enough-to-search']) {
      await page.getByLabel('Uid, number or token').fill(query);
      await button(page, 'Find').click();
      await page.getByRole('link', { name: 'finn', exact: true }).waitFor();
      expect(page.url()).not.toContain(encodeURIComponent(query));
      await page.getByLabel('Uid, number or token').fill('no-such-person');
      await button(page, 'Find').click();
      await page.getByText('No user found').waitFor();
    }
    await page.getByLabel('Uid, number or token').fill('finn');
    await button(page, 'Find').click();
    await expectNoSidewaysScroll(page);
    await page.getByRole('link', { name: 'finn', exact: true }).click();
    await heading(page, 'finn').waitFor();
  });
});

describe('the page of a person', () => {
  it('shows why pushes do not arrive, and what would', async () => {
    const refused = await register('gina', { fcmToken: 'invalid-token-of-gina-1234567890' });
    await register('gina', { appVersion: '4.2', locale: 'en-IN', sessionId: 'phone-1' });
    const id = await chatFor('gina');
    const page = await browser.open(gateway, pathOf('gina'));
    const card = page.locator(`[data-device="${refused}"]`);
    await card.getByText('Last push refused').waitFor();
    expect(await card.textContent()).toContain('The token is not one of the vendor’s');
    expect(await card.getByRole('link').getAttribute('href')).toContain(`/notifications/${id}`);
    await page.getByText('phone-1').waitFor();
    await page.locator('[data-plan="chat"]').getByText('2 pushes').waitFor();
    await page.locator('[data-plan="sms"]').getByText('No phone number is known').first().waitFor();
    const last = page.getByRole('table', { name: 'Last notifications' });
    await last.getByRole('cell', { name: 'Message', exact: true }).waitFor();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('retires a device with a reason, shows both, and restores it', async () => {
    const id = await register('hugo');
    const page = await browser.open(gateway, pathOf('hugo'));
    await button(page, 'Retire…').click();
    const retire = dialog(page).getByRole('button', { name: 'Retire', exact: true });
    expect(await retire.isDisabled()).toBe(true);
    await expectNoAxeViolations(page);
    await confirm(page, 'Retire', 'The phone was lost.');
    await page.getByText('The device is retired.').waitFor();
    await page.getByText('No device in use').waitFor();
    const card = page.locator(`[data-device="${id}"]`);
    await card.getByText('The phone was lost.').waitFor();
    await card.getByText('admin', { exact: true }).waitFor();
    await page.locator('[data-plan="chat"]').getByText('No registered device').first().waitFor();

    await button(page, 'Restore…').click();
    await confirm(page, 'Restore', 'It was found again.');
    await card.getByText('Not reached yet').waitFor();
    expect((await show('hugo')).devices).toMatchObject([{ id }]);
  });

  it('sends a test to one device and shows the vendor’s word', async () => {
    await register('ida');
    const refused = await register('ida', { fcmToken: 'invalid-token-of-ida-1234567890' });
    const page = await browser.open(gateway, pathOf('ida'));
    await page.locator(`[data-device="${refused}"]`).getByRole('button', { name: 'Send a test…' }).click();
    await dialog(page).getByRole('button', { name: 'Send the test' }).click();
    await dialog(page).getByText('Refused').waitFor();
    await dialog(page).getByText('A simulated invalid token').waitFor();
    await expectNoAxeViolations(page);
    await dialog(page).getByRole('link', { name: 'Open the story of the test' }).click();
    await until(() => /\/admin\/notifications\/[0-9a-f-]{36}/.test(page.url()));
  });

  it('sets the number, shows it masked, lifts an opt-out, and removes the number', async () => {
    await register('jane');
    const page = await browser.open(gateway, pathOf('jane'), { refusals: [400] });
    await button(page, 'Set a number…').click();
    await dialog(page).getByLabel('Number').fill('12');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('is not a phone number').waitFor();
    await dialog(page).getByLabel('Number').fill(PHNO);
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await page.getByText('+14…33').first().waitFor();
    expect(await page.content()).not.toContain(PHNO);

    await gateway.backend('POST', '/v1/opt-outs', { phno: PHNO });
    await page.reload();
    await page.getByText('Opted out', { exact: true }).waitFor();
    await button(page, 'Lift…').click();
    await confirm(page, 'Lift', 'Asked by phone.');
    await page.getByText('Receives SMS', { exact: true }).waitFor();
    expect((await show('jane')).optOuts).toMatchObject([{ optedOut: false, source: 'operator' }]);

    await button(page, 'Remove…').click();
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('No number is stored.').waitFor();
    expect((await show('jane')).contact).toBeNull();
  });

  it('exports the person as JSON', async () => {
    await register('kim');
    await chatFor('kim');
    const page = await browser.open(gateway, pathOf('kim'));
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Export').click()]);
    expect(download.suggestedFilename()).toBe('kim.json');
    const exported = JSON.parse(await readFile(await download.path(), 'utf8')) as object;
    expect(exported).toMatchObject({ appId: DEMO.appId, uid: 'kim', devices: [{ platform: 'fcm_android' }] });
    await page.getByText('The export is downloaded.').waitFor();
  });

  it('erases the person once their uid is typed', async () => {
    await register('lars');
    await chatFor('lars');
    const page = await browser.open(gateway, pathOf('lars'));
    await button(page, 'Erase…').click();
    const erase = dialog(page).getByRole('button', { name: 'Erase for good' });
    await dialog(page).getByText('This cannot be undone.').waitFor();
    expect(await erase.isDisabled()).toBe(true);
    await dialog(page).getByLabel('Type lars to confirm').fill('lar');
    expect(await erase.isDisabled()).toBe(true);
    await expectNoAxeViolations(page);
    await dialog(page).getByLabel('Type lars to confirm').fill('lars');
    await erase.click();
    await page.getByText('Nothing is known of this user').waitFor();
    expect(await show('lars')).toMatchObject({ devices: [], notifications: [], contact: null });
  });

  it('offers a viewer no action, and the API refuses them all', async () => {
    const inUse = await register('mona');
    const retired = await register('mona');
    await gateway.backend('POST', `/v1/users/mona/devices/${retired}/retire`, { reason: 'lost' });
    await gateway.backend('PUT', '/v1/users/mona/contact', { phno: '+14155550161' });
    await gateway.backend('POST', '/v1/opt-outs', { phno: '+14155550161' });
    const page = await browser.open(gateway, pathOf('mona'), { as: VIEWER });
    await page.getByText('Your login is read-only').waitFor();
    await page.locator(`[data-device="${retired}"]`).waitFor();
    await page.getByText('Opted out', { exact: true }).waitFor();
    const buttons = await page.getByRole('main').getByRole('button').allInnerTexts();
    expect(buttons.filter((text) => text !== '')).toEqual([]);
    await expectNoAxeViolations(page);

    const before = await show('mona');
    const user = '/v1/users/mona';
    const care = { reason: 'x' };
    for (const [method, url, payload] of [
      ['POST', `${user}/devices/${inUse}/retire`, care],
      ['POST', `${user}/devices/${retired}/restore`, care],
      ['PUT', `${user}/contact`, { phno: PHNO }],
      ['DELETE', `${user}/contact`, undefined],
      ['POST', `${user}/opt-outs/lift`, { phno: '+14…61', ...care }],
      ['POST', '/v1/tests', { kind: 'chat', uid: 'mona' }],
      ['GET', `${user}/export`, undefined],
      ['DELETE', user, undefined],
    ] as const) {
      const headers = { authorization: VIEWER_AUTH, 'content-type': 'application/json' };
      const answer = await gateway.request({ method, url, headers, ...(payload && { payload }) });
      expect([method, url, answer.json<{ code: string }>().code]).toEqual([method, url, 'AUTH.READ_ONLY']);
    }
    expect(await show('mona')).toEqual(before);
  });

  it('holds uids of any length and script', async () => {
    const page = await browser.open(gateway, pathOf('x'.repeat(10_000)), { refusals: [400, 404, 414] });
    await page.getByText('The user could not be loaded').waitFor();
    await expectNoSidewaysScroll(page);
    for (const uid of ['مستخدم-١٢٣', '👩‍👩‍👧', 'a@b+c&d', 'w'.repeat(100)]) {
      await register(uid);
      const { uid: stored } = await show(uid);
      await page.setViewportSize({ width: 1_280, height: 800 });
      await page.goto(`/admin${pathOf(uid)}`);
      await heading(page, stored).waitFor();
      await button(page, 'Retire…').waitFor();
      await expectNoSidewaysScroll(page);
    }
  });

  it('says what failed, and keeps the rest of the page', async () => {
    await register('nora');
    const page = await browser.open(gateway, '/people', { refusals: [500] });
    await page.route('**/v1/notifications?**', (route) =>
      route.fulfill({ status: 500, json: { code: 'X', message: 'It broke.' } }),
    );
    await page.goto(`/admin${pathOf('nora')}`);
    await page.getByText('The notifications could not be loaded').waitFor();
    await button(page, 'Retire…').waitFor();
    await page.unroute('**/v1/notifications?**');
    await button(page, 'Try again').click();
    await page.getByText('No notification yet').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
