import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { emptyRedis, WEBHOOK_AUTH, type NotificationJson } from '../support/gateway.js';
import { sms } from '../support/payloads.js';
import { startPlivoServer, type PlivoServer } from '../support/plivo-server.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { buildProgram, startProcess, temporaryDirectory, type GatewayProcess } from '../support/process.js';
import { startTwilioServer, type TwilioServer } from '../support/twilio-server.js';

const LONG_MS = 120_000;

let plivo: PlivoServer;
let twilio: TwilioServer;
let postgres: TestPostgres;
let directory: { path: string; remove: () => Promise<void> };
let env: Record<string, string>;
beforeAll(async () => {
  buildProgram();
  plivo = await startPlivoServer({ tls: false });
  twilio = await startTwilioServer({ tls: false });
  postgres = await startPostgres();
  directory = await temporaryDirectory();
  const { authId, authToken, url: plivoUrl } = plivo;
  const { accountSid, authToken: twilioToken, url: twilioUrl } = twilio;
  const app = {
    appId: DEMO.appId,
    region: 'us',
    webhook: { basicAuth: [DEMO.webhook] },
    clients: { apiKeys: [DEMO.apiKey] },
    sms: {
      defaultCountry: 'US',
      providers: [
        {
          id: 'plivo',
          type: 'plivo',
          authId,
          authToken,
          from: '15005550006',
          endpoint: plivoUrl,
          requestTimeoutMs: 5_000,
        },
        {
          id: 'twilio',
          type: 'twilio',
          accountSid,
          authToken: twilioToken,
          from: '+15005550006',
          endpoint: twilioUrl,
          requestTimeoutMs: 5_000,
        },
      ],
    },
  };
  const file = path.join(directory.path, 'bellhop.yaml');
  await writeFile(file, stringify({ apps: [app] }));
  const redisUrl = await emptyRedis();
  env = { BELLHOP_CONFIG: file, DATABASE_URL: postgres.url, ...(redisUrl ? { REDIS_URL: redisUrl } : {}) };
}, LONG_MS);
afterAll(async () => {
  await postgres.close();
  await plivo.close();
  await twilio.close();
  await directory.remove();
});

async function until<T>(found: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const deadline = Date.now() + 90_000; ;) {
    const value = await found();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error('It did not happen in time.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function recordOf({ url }: GatewayProcess, id: string): Promise<NotificationJson | undefined> {
  const answer = await fetch(`${url}/v1/notifications/${id}`, { headers: { apikey: DEMO.apiKey } });
  const record = (await answer.json()) as NotificationJson;
  return record.settledAt ? record : undefined;
}

it(
  'a text that was with its vendor when the process was killed is sent again, with a mark',
  async () => {
    // It has the text, and its answer never comes.
    plivo.answerWith('hang');
    const first = await startProcess(env);
    const answer = await fetch(`${first.url}/webhooks/cometchat/sms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: WEBHOOK_AUTH },
      body: JSON.stringify(sms('+14155550100')),
    });
    const { notificationId } = (await answer.json()) as { notificationId: string };
    await until(() => (plivo.vendor.requests === 1 ? true : undefined));
    await first.kill();

    const second = await startProcess(env);
    try {
      const { deliveries } = await until(() => recordOf(second, notificationId));
      expect(deliveries).toMatchObject([
        {
          provider: 'twilio',
          status: 'sent',
          attempts: [
            { provider: 'plivo', outcome: 'unknown', vendorCode: null },
            { provider: 'twilio', outcome: 'accepted', possibleDouble: true },
          ],
        },
      ]);
      expect(plivo.vendor.requests).toBe(1);
      expect(twilio.received).toHaveLength(1);
    } finally {
      await second.stop();
    }
  },
  LONG_MS,
);
