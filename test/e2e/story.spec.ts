import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { apnsError, startApnsServer, type ApnsServer } from '../support/apns-server.js';
import { fcmError, startFcmServer, type FcmServer } from '../support/fcm-server.js';
import { bellhop } from '../support/bellhop.js';
import { startTestGateway, type StoryJson, type TestGateway } from '../support/gateway.js';
import { startHmsServer, type HmsServer } from '../support/hms-server.js';
import { push, sms } from '../support/payloads.js';
import { startTwilioServer, twilioError, type TwilioServer } from '../support/twilio-server.js';
import { twilioReport } from '../support/sms-reporters.js';
import type { VendorAnswer } from '../support/vendor-server.js';
import { until } from '../support/until.js';

// One push account per case: a refused credential opens its circuit breaker.
const ACCOUNTS = Array.from({ length: 12 }, (_, i) => `account-${i}`);
let apns: ApnsServer;
let fcm: FcmServer;
let hms: HmsServer;
let twilio: TwilioServer;
let gateway: TestGateway;
let cases = 0;

beforeAll(async () => {
  [apns, fcm, hms] = await Promise.all([startApnsServer(), startFcmServer(), startHmsServer()]);
  twilio = await startTwilioServer({ tls: false });
  const { key, keyId, teamId } = apns.signingKey;
  const { bundleId } = apns;
  const accountOf = (id: string): object[] => [
    { id, type: 'apns', key, keyId, teamId, bundleId, endpoint: apns.url, ca: apns.ca },
    {
      ...{ id, type: 'fcm', endpoint: fcm.url, ca: fcm.ca, tokenEndpoint: fcm.tokenUrl },
      serviceAccount: fcm.serviceAccount,
    },
    {
      ...{ id, type: 'hms', endpoint: hms.url, ca: hms.ca, tokenEndpoint: hms.tokenUrl },
      ...{ appId: hms.appId, appSecret: hms.appSecret },
    },
  ];
  const { accountSid, authToken } = twilio;
  const app = {
    appId: DEMO.appId,
    region: 'us',
    webhook: { basicAuth: [{ ...DEMO.webhook }] },
    clients: { apiKeys: [DEMO.apiKey] },
    rules: [
      { name: 'mark', when: 'true', then: { data: { marked: 'yes' } } },
      { name: 'drop', when: 'uid == "muted"', then: { drop: true } },
    ],
    push: { providers: ACCOUNTS.flatMap(accountOf) },
    sms: {
      defaultCountry: 'US',
      providers: [
        {
          ...{ id: 'twilio', type: 'twilio', endpoint: twilio.url, accountSid, authToken },
          from: '+15005550006',
        },
      ],
    },
  };
  gateway = await startTestGateway({
    config: { apps: [app], delivery: { maxAttempts: 1 } },
    settings: { publicUrl: 'https://sms.example.com' },
  });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([apns.close(), fcm.close(), hms.close(), twilio.close()]);
});

const register = async (uid: string, device: object): Promise<void> => {
  const { statusCode } = await gateway.backend('POST', `/v1/users/${uid}/devices`, device);
  expect(statusCode).toBe(201);
};
const post = async (channel: 'push' | 'sms', event: object): Promise<string> =>
  (await gateway.webhook(channel, event)).json<{ notificationId: string }>().notificationId;
/** The story by the API, once `bellhop why` has told the same. */
const story = async (id: string): Promise<StoryJson> => {
  await gateway.notification(id);
  const told = (await gateway.backend('GET', `/v1/notifications/${id}`)).json<StoryJson>();
  const { summary, cause, fix, link } = told.explanation;
  const { stdout } = await bellhop(['why', id], { BELLHOP_URL: gateway.url, BELLHOP_API_KEY: DEMO.apiKey });
  for (const text of [summary, cause, fix, link, ...told.timeline.map((event) => event.text)])
    expect(stdout).toContain(text ?? '');
  return told;
};

/** Sends a push to a new phone of this kind. @returns its story. */
async function pushTo(device: Record<string, unknown>, payload = 'push-chat'): Promise<StoryJson> {
  const providerId = ACCOUNTS[cases++] ?? '';
  const uid = `user-${cases}`;
  await register(uid, { ...device, providerId });
  return story(await post('push', push({ tag: uid, sessionId: `v1.${uid}` }, uid, payload)));
}
const iphone = { platform: 'apns_ios_device', deviceToken: 'ab12cd34'.repeat(8), environment: 'production' };

describe('a push that Apple refuses', () => {
  it.each<[string, VendorAnswer, RegExp, RegExp]>([
    [
      'BadDeviceToken',
      apnsError(400, 'BadDeviceToken'),
      /debug build has a sandbox token.* It was registered as production\./s,
      /`environment`/,
    ],
    [
      'DeviceTokenNotForTopic',
      apnsError(400, 'DeviceTokenNotForTopic'),
      /bundle id differs.* The push went to the topic com\.example\.app\./s,
      /`bundleId`/,
    ],
    [
      'InvalidProviderToken',
      apnsError(403, 'InvalidProviderToken'),
      /swapped.*keyId TESTKEY123/s,
      /`keyId` and `teamId`/,
    ],
    ['MissingProviderToken', apnsError(403, 'MissingProviderToken'), /./, /`key`/],
    ['ExpiredProviderToken', apnsError(403, 'ExpiredProviderToken'), /clock/, /clock/],
  ])('is explained: %s', async (code, answer, cause, fix) => {
    apns.script.answerWith(answer, 2);
    const { status, deliveries, explanation } = await pushTo({
      ...iphone,
      deviceToken: `${iphone.deviceToken.slice(2)}${String(cases).padStart(2, '0')}`,
    });
    apns.script.answerWith(undefined);
    expect([status, deliveries[0]?.attempts[0]?.vendorCode]).toEqual(['failed', code]);
    expect(explanation.summary).toMatch(/^Not delivered\. ./);
    expect(explanation.cause).toMatch(cause);
    expect(explanation.fix).toMatch(fix);
    expect(explanation.link).toMatch(/^https:\/\/developer\.apple\.com\//);
  });
});

describe('a push that FCM refuses', () => {
  it.each<[string, number, RegExp, RegExp]>([
    ['THIRD_PARTY_AUTH_ERROR', 401, /APNs key is missing/, /Cloud Messaging/],
    ['SENDER_ID_MISMATCH', 403, /another Firebase project/, /./],
  ])('is explained: %s', async (code, status, cause, fix) => {
    const token = `dK3fQx81:APA91bHPRgkFLJu60Ot9aQ-${code}`;
    fcm.answerWith(fcmError(status, code, { message: `The token ${token} of Hiking Group is wrong.` }), 1);
    const { deliveries, explanation } = await pushTo({ platform: 'fcm_ios', fcmToken: token });
    fcm.answerWith(undefined);
    const [attempt] = deliveries[0]?.attempts ?? [];
    expect(attempt).toMatchObject({ vendorCode: code, httpStatus: status, vendorTraceId: null });
    expect(attempt?.vendorText).toMatch(/^The token dK3f…\w+ of .* is wrong\.$/);
    expect(JSON.stringify(attempt)).not.toContain(token);
    expect(explanation).toMatchObject({
      cause: expect.stringMatching(cause),
      fix: expect.stringMatching(fix),
      link: expect.stringMatching(/^https:/),
    });
  });
});

describe('a push that a vendor has accepted', () => {
  it('by Apple: from there on only the phone knows; the trace id is that of Apple’s console', async () => {
    apns.script.answerWith({ status: 200, headers: { 'apns-id': 'id-1', 'apns-unique-id': 'unique-1' } }, 1);
    const { explanation, deliveries } = await pushTo({ ...iphone, deviceToken: 'ac'.repeat(32) });
    apns.script.answerWith(undefined);
    expect(deliveries[0]?.attempts[0]).toMatchObject({
      httpStatus: 200,
      vendorTraceId: 'unique-1',
      vendorText: null,
    });
    expect(explanation).toMatchObject({
      summary: expect.stringContaining('Only the phone knows'),
      cause: expect.stringContaining('content-available'),
    });
  });

  it('by Apple for a VoIP token that does not ring', async () => {
    const device = { platform: 'apns_ios_voip', voipToken: 'ad'.repeat(32) };
    const { explanation } = await pushTo(device, 'push-call-initiated');
    expect(explanation.cause).toMatch(/CallKit/);
  });

  it('by Google as data only', async () => {
    const { explanation } = await pushTo({ platform: 'fcm_android', fcmToken: 'token-of-android' });
    expect(explanation).toMatchObject({ cause: expect.stringContaining('`notificationInPayload`') });
  });

  it('by Huawei', async () => {
    const { explanation, deliveries } = await pushTo({
      platform: 'hms_android',
      pushToken: 'token-of-huawei',
    });
    expect(deliveries[0]?.status).toBe('sent');
    expect(explanation.cause).toMatch(/category/);
  });
});

describe('an SMS that Twilio refuses', () => {
  it.each<[number, RegExp]>([
    [30034, /10DLC|regist/i],
    [21408, /geo|countr|region/i],
  ])('is explained: %i', async (code, cause) => {
    twilio.answerWith(twilioError(400, code, 'The number +14155550123 is refused.'), 1);
    const id = await post('sms', sms('+14155550123', `sms-${code}`));
    const { deliveries, explanation, timeline } = await story(id);
    const { summary: _, ...details } = explanation;
    expect(timeline.map((event) => event.explanation)).toEqual([null, null, details, null]);
    expect(deliveries[0]?.attempts[0]).toMatchObject({
      vendorCode: String(code),
      vendorText: 'The number +14…23 is refused.',
    });
    expect(explanation.cause).toMatch(cause);
    expect(explanation.link).toBe(`https://www.twilio.com/docs/api/errors/${code}`);
  });

  it('is explained by its delivery report: 30007', async () => {
    const phno = '+14155550177';
    const id = await post('sms', sms(phno, 'filtered'));
    const sent = await story(id);
    const statusUrl = twilio.received.at(-1)?.statusCallback ?? '';
    const form = {
      MessageSid: sent.deliveries[0]?.attempts[0]?.vendorMessageId ?? '',
      ...{ MessageStatus: 'undelivered', ErrorCode: '30007', To: phno, From: '+15005550006' },
    };
    const { headers, body, url } = twilioReport(statusUrl, form, twilio.authToken);
    await gateway.request({
      method: 'POST',
      url: new URL(url).pathname,
      headers,
      payload: body,
    });
    const told = await until(async () => {
      const now = (await gateway.backend('GET', `/v1/notifications/${id}`)).json<StoryJson>();
      return now.status === 'failed' && now;
    });
    expect(told.timeline.map(({ event }) => event)).toEqual([
      'received',
      'planned',
      'attempted',
      'reported',
      'failed',
    ]);
    expect(told.explanation.cause).toMatch(/filter/);
    expect(told.timeline.map(({ explanation }) => explanation?.cause)).toEqual([
      ...[undefined, undefined, undefined],
      told.explanation.cause,
      undefined,
    ]);
  });
});

describe('the timeline', () => {
  it('tells who sent it, which rules matched, which devices were left out, and each attempt', async () => {
    const session = { sessionId: 's1' };
    await register('ann', { ...iphone, ...session, deviceToken: 'ae'.repeat(32), providerId: 'account-11' });
    await register('ann', {
      platform: 'apns_ios_voip',
      voipToken: 'af'.repeat(32),
      ...session,
      providerId: 'account-11',
    });
    const { timeline, source, originId } = await story(await post('push', push({ tag: 'story-1' }, 'ann')));
    expect([source, originId]).toEqual(['webhook', null]);
    expect(timeline.map(({ event }) => event)).toEqual(['received', 'planned', 'attempted']);
    expect(timeline.map(({ text }) => text)).toEqual([
      `Received as a webhook of CometChat, by Basic Auth ${DEMO.webhook.username}.`,
      expect.stringMatching(
        /^Planned one delivery\. Rules that matched: mark\. Left out the apns-voip device [\w-]{36}: a VoIP token, which only rings\.$/,
      ),
      expect.stringMatching(/^Attempt 1 through account-11: accepted, \d+ ms\.$/),
    ]);
    expect(timeline.map(({ at }) => at)).toEqual([...timeline.map(({ at }) => at)].sort());
  });

  it('links a resend to what it repeats', async () => {
    const first = await post('push', push({ tag: 'story-2' }, 'nobody'));
    await gateway.notification(first);
    const answer = await gateway.backend('POST', `/v1/notifications/${first}/resend`);
    const told = await story(answer.json<{ notificationId: string }>().notificationId);
    expect(told).toMatchObject({ source: 'resend', originId: first });
    expect(told.timeline[0]?.text).toBe(`Resent by the API, by API key 1; repeats ${first}.`);
    const { id, status, receivedAt } = told;
    expect(await story(first)).toMatchObject({
      tag: 'story-2',
      call: null,
      repeats: [{ id, source: 'resend', status, receivedAt }],
    });
    expect(told.repeats).toEqual([]);
  });

  it('says why there is no device', async () => {
    await register('bert', { platform: 'fcm_android', fcmToken: 'token-of-bert', providerId: 'account-11' });
    fcm.answerWith(fcmError(404, 'UNREGISTERED'), 1);
    await story(await post('push', push({ tag: 'story-3' }, 'bert')));
    await until(async () => {
      const listed = await gateway.backend('GET', '/v1/users/bert/devices');
      return listed.json<{ data: unknown[] }>().data.length === 0;
    });
    const { explanation } = await story(await post('push', push({ tag: 'story-4' }, 'bert')));
    expect(explanation).toMatchObject({
      summary: 'Not sent. The user has no registered device.',
      cause: expect.stringMatching(
        /^The last device of the user \(fcm\) was retired on .*: its vendor reported the token dead \(UNREGISTERED\)\.$/,
      ),
      fix: expect.stringContaining('at login'),
    });
  });

  it('explains a reason where the delivery ends', async () => {
    const { timeline, explanation } = await story(await post('push', push({ tag: 'story-6' }, 'nobody')));
    const { summary: _, ...details } = explanation;
    expect(timeline.at(-1)).toMatchObject({ event: 'skipped', explanation: details });
    expect(details.fix).toContain('at login');
  });

  it('tells the state of the call', async () => {
    const call = { sessionId: 'v1.story' };
    const ring = await post('push', push(call, 'nobody', 'push-call-initiated'));
    const ringing = { ...call, action: 'initiated', state: 'ringing', endedBy: null, endedAt: null };
    expect((await story(ring)).call).toEqual(ringing);
    const end = await post('push', push(call, 'nobody', 'push-call-cancelled'));
    await gateway.notification(end);
    const over = { ...call, state: 'over', endedBy: 'cancelled', endedAt: expect.any(String) };
    expect((await story(ring)).call).toEqual({ ...over, action: 'initiated' });
    expect((await story(end)).call).toEqual({ ...over, action: 'cancelled' });
    expect((await story(await post('push', push({ sessionId: 'v1.other' }, 'ann')))).call).toBeNull();
  });

  it('names the rule that dropped it', async () => {
    const { explanation, timeline } = await story(await post('push', push({ tag: 'story-5' }, 'muted')));
    expect(explanation.summary).toBe('Not sent. A rule of the configuration drops it.');
    expect(timeline[1]?.data).toMatchObject({ rules: ['mark', 'drop'] });
  });
});
