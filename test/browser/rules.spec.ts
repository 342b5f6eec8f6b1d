import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { postSettled, registerPhone } from '../support/arrange.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, useBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { USERS, VIEWER } from '../support/operators.js';
import { push } from '../support/payloads.js';

const [demo] = DEMO_CONFIG.apps;
const rules = [
  { name: 'news', when: 'uid == "ann"', then: { title: 'News' } },
  { name: 'muted', when: 'uid == "muted"', then: { drop: true } },
];
const browser = useBrowser();
let gateway: TestGateway;
let notificationId: string;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { apps: [{ ...demo, rules }], admin: { users: USERS } } });
  await registerPhone(gateway, 'ann');
  ({ id: notificationId } = await postSettled(gateway, 'push', push({ tag: 'rules-1' }, 'ann')));
});
afterAll(() => gateway.close());

describe('the page of rules', () => {
  it('shows the rule that matches a pasted webhook, its changes and the payload, and sends nothing', async () => {
    const sent = (await gateway.sandboxMessages()).length;
    const page = await browser.open(gateway, '/rules?source=paste');
    await page.getByLabel('Data (JSON)').fill(JSON.stringify(push({ title: 'Andrew' }, 'ann')));
    await page.getByRole('button', { name: 'Evaluate' }).click();
    await page.getByText('Would be sent at once').waitFor();
    await page.getByText('nothing was sent or stored').waitFor();
    const matching = page.getByRole('table', { name: 'Rules' }).getByRole('row', { name: /news/ });
    await matching.getByText('Matches', { exact: true }).waitFor();
    const change = page
      .getByRole('table', { name: 'Before and after' })
      .getByRole('row', { name: /notificationDetails\.title/ });
    expect(await change.getByRole('cell').allInnerTexts()).toEqual([
      'notificationDetails.title',
      'Changed',
      'Andrew',
      'News',
    ]);
    const message = page.getByRole('article', { name: 'FCM by default' });
    await message.getByText(/^[\d,]+ of 4,096 bytes$/).waitFor();
    expect(await message.getByRole('group').innerText()).toContain('"News"');
    expect(new URL(page.url()).search).toBe('?source=paste');
    expect(await gateway.sandboxMessages()).toHaveLength(sent);
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('asks for data once the app is known, and says why it is not', async () => {
    const page = await browser.open(gateway, '/rules', { refusals: [503] });
    let isDown = true;
    await page.route('**/v1/providers', (route) =>
      isDown ? route.fulfill({ status: 503, json: { message: 'down' } }) : route.fallback(),
    );
    await page.goto('/admin/rules?source=paste');
    await page.getByRole('tabpanel').getByRole('alert').waitFor();
    expect(await page.getByLabel('Data (JSON)').count()).toBe(0);
    isDown = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Fill in an example' }).click();
    await page.getByRole('button', { name: 'Evaluate' }).click();
    await page.getByRole('table', { name: 'Rules' }).waitFor();
  });

  it('says what is wrong with the data', async () => {
    const page = await browser.open(gateway, '/rules?source=paste', { refusals: [400] });
    const data = page.getByLabel('Data (JSON)');
    await data.fill('{');
    await page.getByRole('button', { name: 'Evaluate' }).click();
    await page.getByText(/^is not JSON: /).waitFor();
    await data.fill('{"to":{}}');
    await page.getByRole('button', { name: 'Evaluate' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
  });

  it('says that a rule drops an event', async () => {
    const page = await browser.open(gateway, '/rules?source=paste');
    await page.getByRole('button', { name: 'Fill in an example' }).click();
    const example = await page.getByLabel('Data (JSON)').inputValue();
    await page.getByLabel('Data (JSON)').fill(example.replace('"uid": "ann"', '"uid": "muted"'));
    await page.getByRole('button', { name: 'Evaluate' }).click();
    await page.getByText('A rule drops the event.').waitFor();
    await page.getByText('No message would be sent.').waitFor();
    expect(await page.getByRole('article').count()).toBe(0);
  });

  it('evaluates a recent notification, without its content for a viewer', async () => {
    const page = await browser.open(gateway, '/rules', { as: VIEWER });
    await page.getByLabel('Notification', { exact: true }).selectOption(notificationId);
    await page.getByRole('button', { name: 'Evaluate' }).click();
    await page.getByText('Your login sees no contents').waitFor();
    await page.getByRole('table', { name: 'Rules' }).getByRole('cell', { name: 'Matches' }).waitFor();
    expect(await page.getByText('Hello!').count()).toBe(0);
    await expectNoAxeViolations(page);
  });
});
