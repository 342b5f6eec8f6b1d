import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { emptyRedis } from '../support/gateway.js';
import { sms } from '../support/payloads.js';
import { startPlivoServer, type PlivoServer } from '../support/plivo-server.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { buildProgram, startProcess, temporaryDirectory } from '../support/process.js';
import { postWebhook, settledNotification } from '../support/process-api.js';
import { startTwilioServer, type TwilioServer } from '../support/twilio-server.js';
import { until } from '../support/until.js';

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
  // A check of the account would be a request, too.
  await writeFile(file, stringify({ apps: [app], checks: { everyHours: 0 } }));
  const redisUrl = await emptyRedis();
  env = { BELLHOP_CONFIG: file, DATABASE_URL: postgres.url, ...(redisUrl ? { REDIS_URL: redisUrl } : {}) };
});
afterAll(async () => {
  await postgres.close();
  await plivo.close();
  await twilio.close();
  await directory.remove();
});

it('an SMS whose vendor had not answered when the process was killed is sent again and marked as a possible duplicate', async () => {
  // Plivo accepts the SMS and never answers.
  plivo.answerWith('hang');
  const first = await startProcess(env);
  const answer = await postWebhook(first.url, 'sms', sms('+14155550100'));
  const { notificationId } = (await answer.json()) as { notificationId: string };
  await until(() => plivo.vendor.requests === 1, first.output);
  await first.kill();

  const second = await startProcess(env);
  try {
    const { deliveries } = await settledNotification(second.url, notificationId);
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
});
