// `npm run screenshots`: starts the built gateway with the demo configuration, plays messages and calls to its sandbox, and
// writes pictures of the console to docs/images. Needs Chromium on the PATH.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { CHROMIUM_NAMES, findChromium } from '../../scripts/find-chromium.mjs';
import { GatewayProcess } from '../stage/gateway-process.mjs';

const IMAGES = path.resolve(import.meta.dirname, '../../docs/images');
const SIZE = { width: 1_280, height: 860 };
const SETTLED_WITHIN_MS = 60_000;
/** The next sample of the queues, and the plots that show it. */
const PLOTTED_MS = 12_000;

/**
 * @typedef {{ notificationIds?: string[], status?: string }} Answer
 * @typedef {(method: string, url: string, body?: object) => Promise<Answer>} Call
 */

/** @param {import('playwright-core').BrowserContext} context @returns {Call} */
const caller = (context) => async (method, url, data) => {
  const answer = await context.request.fetch(url, { method, ...(data && { data }) });
  if (!answer.ok()) throw new Error(`${method} ${url}: ${answer.status()} ${await answer.text()}`);
  return /** @type {Answer} */ (await answer.json());
};

/** Messages of a morning, of which one fails. @param {Call} call @returns {Promise<string>} the id of that one */
async function play(call) {
  for (const [uid, platform] of [
    ['ann', 'android'],
    ['ann', 'sms'],
    ['bob', 'ios'],
  ])
    await call('POST', '/sandbox/phones', { appId: 'app123', uid, platform });
  const played = [
    { kind: 'message', from: 'bob', to: 'ann', text: 'Shall we meet at the station?' },
    { kind: 'message', from: 'ann', to: 'bob', text: 'On my way. Save me a seat.' },
    { kind: 'group', from: 'bob', to: 'ann', text: 'Lunch at one?', group: { size: 12 } },
    { kind: 'sms', from: 'bob', to: 'ann', text: '2 unread messages.' },
    { kind: 'missed_call', from: 'ann', to: 'bob' },
  ];
  for (const event of played) {
    const { notificationIds = [] } = await call('POST', '/sandbox/play', { appId: 'app123', ...event });
    for (const id of notificationIds) await settled(call, id);
  }
  await call('PUT', '/sandbox/vendors/app123/push/default', { state: 'refusing' });
  const refused = { kind: 'message', from: 'bob', to: 'ann', text: 'Which platform?' };
  const { notificationIds = [] } = await call('POST', '/sandbox/play', { appId: 'app123', ...refused });
  const id = notificationIds[0] ?? '';
  await settled(call, id);
  await call('PUT', '/sandbox/vendors/app123/push/default', { state: 'up' });
  const ring = { kind: 'call', from: 'ann', to: 'bob', callAction: 'initiated' };
  await call('POST', '/sandbox/play', { appId: 'app123', ...ring });
  return id;
}

/** @param {Call} call @param {string} id */
async function settled(call, id) {
  for (const until = Date.now() + SETTLED_WITHIN_MS; Date.now() < until; await sleep(200)) {
    const found = await call('GET', `/v1/notifications/${id}`).catch(() => undefined);
    if (found && found.status !== 'queued') return;
  }
  throw new Error(`The notification ${id} is not settled.`);
}

async function run() {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(`None of ${CHROMIUM_NAMES.join(', ')} is on the PATH.`);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-screenshots-'));
  const env = { ...process.env, PORT: '0', DATA_DIR: path.join(directory, 'data'), LOG_FORMAT: 'json' };
  const gateway = new GatewayProcess({ name: 'gateway', role: 'all', directory, env });
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    await gateway.start();
    const context = await browser.newContext({
      baseURL: gateway.url,
      viewport: SIZE,
      locale: 'en-GB',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto('/admin/');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    const story = await play(caller(context));
    for (const { name, url } of [
      { name: 'phones', url: '/admin/phones' },
      { name: 'story', url: `/admin/notifications/${story}` },
      { name: 'overview', url: '/admin/' },
    ]) {
      await page.goto(url);
      await page.waitForLoadState('networkidle').catch(() => undefined);
      if (name === 'overview') await sleep(PLOTTED_MS);
      await page.screenshot({ path: path.join(IMAGES, `console-${name}.png`) });
    }
  } finally {
    await browser.close();
    await gateway.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

await run();
