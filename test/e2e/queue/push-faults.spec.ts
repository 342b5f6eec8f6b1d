import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../../src/platform/config/demo-config.js';
import { apnsError, newApnsKey, startApnsServer, type ApnsServer } from '../../support/apns-server.js';
import { startTestGateway, type DeliveryJson, type TestGateway } from '../../support/gateway.js';
import { push } from '../../support/payloads.js';
import { SHORT_TIMEOUT_MS } from '../../support/until.js';

let apns: ApnsServer;
let gateway: TestGateway;
const lines: string[] = [];
beforeAll(async () => {
  apns = await startApnsServer();
  const { key, keyId, teamId } = apns.signingKey;
  const account = {
    type: 'apns',
    key,
    keyId,
    teamId,
    bundleId: apns.bundleId,
    endpoint: apns.url,
    ca: apns.ca,
  };
  const app = {
    appId: DEMO.appId,
    region: 'us',
    webhook: { basicAuth: [{ ...DEMO.webhook }] },
    clients: { apiKeys: [DEMO.apiKey] },
    push: {
      providers: [
        { id: 'default', ...account, requestTimeoutMs: SHORT_TIMEOUT_MS },
        { id: 'wrong', ...account, key: newApnsKey().key },
      ],
    },
  };
  gateway = await startTestGateway({ config: { apps: [app] }, log: (line) => lines.push(line) });
});
afterAll(async () => {
  await gateway.close();
  await apns.close();
});

/** Sends a push to a new phone. @returns its settled delivery. */
async function sendTo(
  platform: string,
  token: string,
  { payload = 'push-chat', providerId = 'default' } = {},
): Promise<DeliveryJson> {
  const key = platform === 'apns_ios_voip' ? 'voipToken' : 'deviceToken';
  expect(
    (await gateway.backend('POST', `/v1/users/${token}/devices`, { platform, [key]: token, providerId }))
      .statusCode,
  ).toBe(201);
  const answer = await gateway.webhook(
    'push',
    push({ tag: token, sessionId: `v1.${token}` }, token, payload),
  );
  const { deliveries } = await gateway.notification(answer.json<{ notificationId: string }>().notificationId);
  return deliveries[0] as DeliveryJson;
}
const outcomes = ({ attempts }: DeliveryJson): string[] => attempts.map(({ outcome }) => outcome);

describe('a vendor that never answers', () => {
  beforeAll(() => apns.script.answerWith('hang'));

  it.each([
    ['a chat three times', 'apns_ios_device', 'push-chat', 3],
    ['a ring twice', 'apns_ios_voip', 'push-call-initiated', 2],
  ])('gets %s', async (_, platform, payload, times) => {
    const before = apns.script.asked;
    const delivery = await sendTo(platform, `${'ab'.repeat(31)}0${times}`, { payload });
    expect(delivery).toMatchObject({ status: 'failed', reason: 'outcome_unknown' });
    // `unavailable`: the connection timed out, and nothing was sent.
    expect(outcomes(delivery).filter((outcome) => outcome !== 'unavailable')).toEqual(
      Array.from({ length: times }, () => 'unknown'),
    );
    expect(apns.script.asked - before).toBe(times);
  });
});

describe('credentials that a vendor refuses', () => {
  const token = (last: string): string => `${'cd'.repeat(31)}${last}`;
  beforeAll(() => apns.script.answerWith(undefined));

  it('fail a push at once if they have never worked', async () => {
    const delivery = await sendTo('apns_ios_device', token('01'), { providerId: 'wrong' });
    expect(delivery).toMatchObject({ status: 'failed', reason: 'provider_misconfigured' });
    expect(outcomes(delivery)).toEqual(['misconfigured']);
  });

  it('are retried and logged as an error if they have worked before', async () => {
    await sendTo('apns_ios_device', token('02'));
    apns.script.answerWith(apnsError(403, 'InvalidProviderToken'), 2);
    const delivery = await sendTo('apns_ios_device', token('03'));
    expect(delivery).toMatchObject({ status: 'sent', reason: null });
    expect(outcomes(delivery)).toEqual(['misconfigured', 'misconfigured', 'accepted']);
    const alarms = lines
      .map((line) => JSON.parse(line) as { level: number; deliveryId?: string; vendorCode?: string })
      .filter(({ level, deliveryId }) => level === 50 && deliveryId === delivery.id);
    expect(alarms.map(({ vendorCode }) => vendorCode)).toEqual([
      'InvalidProviderToken',
      'InvalidProviderToken',
    ]);
  });
});

describe('Retry-After of a vendor', () => {
  const inOneSecond = (): string => new Date(Date.now() + 1_000).toUTCString();

  // PostgreSQL refuses a wait that is not a whole number; `close` would then fail.
  it.each([
    ['0', 1],
    ['1', 2],
    ['0.7', 3],
    ['-1', 4],
    ['soon', 5],
    ['a date', 6],
  ])('delays the push: %s', async (value, i) => {
    const headers = { 'retry-after': value === 'a date' ? inOneSecond() : value };
    apns.script.answerWith(apnsError(503, 'ServiceUnavailable', { headers }), 1);
    const delivery = await sendTo('apns_ios_device', `${'ef'.repeat(31)}0${i}`);
    expect(delivery).toMatchObject({ status: 'sent', reason: null });
    expect(outcomes(delivery)).toEqual(['unavailable', 'accepted']);
  });
});
