import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../../src/platform/config/demo-config.js';
import { fcmError, startFcmServer, type FcmServer } from '../../support/fcm-server.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../../support/gateway.js';
import { push, sms, type Webhook } from '../../support/payloads.js';
import { startTwilioServer, twilioAnswer, type TwilioServer } from '../../support/twilio-server.js';
import { until } from '../../support/until.js';
import { startVonageServer, vonageAnswer, type VonageServer } from '../../support/vonage-server.js';
import { startWebPushServer, type WebPushServer } from '../../support/web-push-server.js';

/** Ports on which nothing listens. */
const NOWHERE = Array.from({ length: 20 }, (_, i) => `https://127.0.0.1:${i + 1}`);
const CONCURRENCY = 4;
const BACKOFF_MS = 400;

const lines: string[] = [];
let fcm: FcmServer;
let slow: FcmServer;
let browsers: WebPushServer;
let vonage: VonageServer;
let twilio: TwilioServer;
let gateway: TestGateway;
beforeAll(async () => {
  [fcm, slow, browsers, vonage, twilio] = await Promise.all([
    startFcmServer(),
    startFcmServer(),
    startWebPushServer(),
    startVonageServer({ tls: false }),
    startTwilioServer({ tls: false }),
  ]);
  const { apiKey, apiSecret } = vonage;
  const { accountSid, authToken } = twilio;
  const from = '+15005550006';
  const smsProviders = [
    { id: 'vonage', type: 'vonage', apiKey, apiSecret, from, endpoint: vonage.url },
    { id: 'twilio', type: 'twilio', accountSid, authToken, from, endpoint: twilio.url },
  ];
  const app = (appId: string, vendor: FcmServer, more: object[] = [], requestTimeoutMs = 10_000): object => ({
    appId,
    region: 'us',
    webhook: { basicAuth: [DEMO.webhook] },
    clients: { apiKeys: [`key-of-${appId}`] },
    push: {
      providers: [
        {
          ...{ id: 'default', type: 'fcm', endpoint: vendor.url, ca: vendor.ca, requestTimeoutMs },
          ...{ tokenEndpoint: vendor.tokenUrl, serviceAccount: vendor.serviceAccount },
        },
        ...more,
      ],
    },
    sms: { defaultCountry: 'US', providers: smsProviders },
  });
  const webpush = {
    ...{ id: 'default', type: 'webpush', ca: browsers.ca, ...browsers.vapidKeys },
    ...{ subject: 'mailto:ops@example.com', allowedEndpoints: [browsers.url, ...NOWHERE] },
  };
  gateway = await startTestGateway({
    config: {
      apps: [app('app123', fcm, [webpush]), app('slow', slow, [], 60_000)],
      delivery: { concurrency: CONCURRENCY, backoffMs: BACKOFF_MS },
    },
    log: (line) => lines.push(line),
  });
});
afterAll(async () => {
  // Closed first to end its calls, which the gateway would wait for.
  await slow.close();
  await gateway.close();
  await Promise.all([fcm.close(), browsers.close(), vonage.close(), twilio.close()]);
});
beforeEach(() => {
  fcm.answerWith(undefined);
  lines.length = 0;
});

let count = 0;
const register = async (device: object, appId = 'app123'): Promise<string> => {
  const uid = `user-${(count += 1)}`;
  const answer = await gateway.request({
    method: 'POST',
    url: `/v1/users/${uid}/devices`,
    headers: { apikey: `key-of-${appId}` },
    payload: device,
  });
  expect(answer.statusCode).toBe(201);
  return uid;
};
const android = (appId?: string): Promise<string> =>
  register({ platform: 'fcm_android', fcmToken: `token-${count + 1}` }, appId);
const post = async (event: Webhook, appId = 'app123'): Promise<string> => {
  const answer = await gateway.webhook(event.trigger.includes('sms') ? 'sms' : 'push', { ...event, appId });
  expect(answer.statusCode).toBe(200);
  return answer.json<{ notificationId: string }>().notificationId;
};
const chat = (uid: string, appId?: string): Promise<string> =>
  post(push({ tag: `${(count += 1)}` }, uid), appId);
const ring = (uid: string): Promise<string> =>
  post(push({ sessionId: `v1.${(count += 1)}` }, uid, 'push-call-initiated'));
const record = (id: string, holds?: (found: NotificationJson) => boolean, appId = 'app123') =>
  gateway.notification(id, holds, `key-of-${appId}`);
const outcomes = ({ deliveries }: NotificationJson): string[] =>
  deliveries.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));
const openBreakers = (): string[] =>
  lines
    .filter((line) => line.includes('provider.breaker_opened'))
    .map((line) => (JSON.parse(line) as { provider: string }).provider);

/** An FCM quota error with a Retry-After of one hour; without details it names neither device nor project. */
function overQuota(details?: object): ReturnType<typeof fcmError> {
  const answer = fcmError(429, 'QUOTA_EXCEEDED', { headers: { 'retry-after': '3600' } });
  if (!details) return answer;
  const { error } = JSON.parse(String(answer.body)) as { error: { details: object[] } };
  error.details.push(details);
  return { ...answer, body: JSON.stringify({ error }) };
}

describe('a device over quota', () => {
  it('delays its own pushes only', async () => {
    const [chatty, other] = [await android(), await android()];
    const token = `token-${chatty.split('-')[1]}`;
    fcm.answerWith((message) => (message.token === token ? overQuota() : undefined));
    const waiting = await record(await chat(chatty), (found) => outcomes(found).includes('over_quota'));
    expect(waiting.status).toBe('queued');
    expect(outcomes(await record(await chat(other)))).toEqual(['accepted']);
    expect(outcomes(await record(await ring(other)))).toEqual(['accepted']);
    expect(openBreakers()).toEqual([]);
  });

  it('rings in spite of a Retry-After beyond the ring window', async () => {
    const uid = await android();
    fcm.answerWith(overQuota(), 1);
    expect(outcomes(await record(await ring(uid)))).toEqual(['over_quota', 'accepted']);
  });
});

describe('a project over quota', () => {
  it('delays chats until the vendor accepts a ring', async () => {
    const [first, other] = [await android(), await android()];
    const violations = [{ subject: `project:${fcm.projectId}`, description: 'Messages per minute' }];
    fcm.answerWith(overQuota({ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations }), 1);
    await record(await chat(first), (found) => outcomes(found).includes('over_quota'));
    await until(() => openBreakers().length > 0);
    const waiting = await chat(other);
    await record(waiting, ({ deliveries }) => deliveries.length > 0);
    // It yields to new notifications when it is due.
    const delayed = async (): Promise<unknown[]> =>
      (await gateway.queue('push').getJobs(['delayed']))
        .filter(({ data }) => (data as { notificationId: string }).notificationId === waiting)
        .map(({ opts }) => opts.priority);
    await until(async () => (await delayed()).length > 0);
    expect(await delayed()).toEqual([1]);
    expect(outcomes(await record(await ring(other)))).toEqual(['accepted']);
    expect(outcomes(await record(waiting))).toEqual(['accepted']);
    expect(outcomes(await record(await chat(other)))).toEqual(['accepted']);
    expect(openBreakers()).toEqual(['default:fcm']);
  });
});

describe('unreachable push services', () => {
  it('do not delay pushes to a reachable one', async () => {
    const reachable = await register({ platform: 'web_push', subscription: browsers.subscribe() });
    const { keys } = browsers.subscribe();
    const uid = `user-${(count += 1)}`;
    for (const origin of NOWHERE) {
      const subscription = { endpoint: `${origin}/x`, keys };
      const answer = await gateway.request({
        method: 'POST',
        url: `/v1/users/${uid}/devices`,
        headers: { apikey: 'key-of-app123' },
        payload: { platform: 'web_push', subscription, sessionId: origin },
      });
      expect(answer.statusCode).toBe(201);
    }
    await record(await chat(uid), (found) => outcomes(found).length >= NOWHERE.length * 2);
    expect(outcomes(await record(await chat(reachable)))).toEqual(['accepted']);
    expect(
      openBreakers().filter((provider) => !/:webpush:https:\/\/127\.0\.0\.1:\d\d?$/.test(provider)),
    ).toEqual([]);
  });
});

describe('an SMS route of two vendors', () => {
  it('retries a failing vendor only after its backoff while the other is rate-limited', async () => {
    const fault = vonageAnswer([{ status: '5' }]);
    twilio.answerWith(twilioAnswer('over_quota_told', '3600'), 1);
    vonage.answerWith(fault, 1);
    await record(await post(sms('+14155552001', 'first')), (found) => outcomes(found).includes('over_quota'));
    vonage.answerWith(fault, 3);
    const { deliveries } = await record(await post(sms('+14155552002', 'second')));
    const attempts = deliveries[0]?.attempts ?? [];
    expect(attempts.map(({ provider, outcome }) => `${provider} ${outcome}`)).toEqual([
      'vonage unavailable',
      'vonage unavailable',
      'vonage unavailable',
      'vonage accepted',
    ]);
    const starts = attempts.map(({ startedAt }) => Date.parse(startedAt));
    const waits = starts.slice(1).map((startedAt, i) => startedAt - (starts[i] ?? 0));
    // At least half of the backoff, which doubles per attempt.
    waits.forEach((wait, i) => expect(wait).toBeGreaterThanOrEqual((BACKOFF_MS / 2) * 2 ** i));
  });
});

describe('a slow vendor of one app', () => {
  it('does not delay the pushes of another app', async () => {
    slow.answerWith('hang');
    const uid = await android('slow');
    const waiting: string[] = [];
    for (let i = 0; i < CONCURRENCY * 3; i++) waiting.push(await chat(uid, 'slow'));
    await until(() => slow.asked() >= CONCURRENCY);
    const other = await chat(await android());
    expect(outcomes(await record(other))).toEqual(['accepted']);
    const found = await Promise.all(waiting.map((id) => record(id, () => true, 'slow')));
    // All slow calls are still open: the other push did not wait for one to end.
    expect(found.flatMap(({ deliveries }) => deliveries.flatMap(({ attempts }) => attempts))).toHaveLength(
      CONCURRENCY,
    );
  });
});
