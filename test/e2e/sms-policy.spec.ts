import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { signToken } from '../support/credentials.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../support/gateway.js';
import { push, sms } from '../support/payloads.js';

const [DEMO_APP] = DEMO_CONFIG.apps;
const PHNO = '+14155550100';

const SEEN_WITHIN_SECONDS = 1;
/** Read receipts that the app `keeping` stores per user. */
const KEPT = 150;

/** One app per group of tests, all on one gateway. */
const app = (appId: string, sms_: object, rules: object[] = [], clients: object = {}): object => ({
  ...DEMO_APP,
  appId,
  clients: { ...DEMO_APP?.clients, apiKeys: [keyOf(appId)], ...clients },
  rules,
  sms: { ...DEMO_APP?.sms, ...sms_ },
});
const keyOf = (appId: string): string => `backend-key-of-${appId}`;
const APPS = [
  app('no-push', { policy: 'ifNoPush' }),
  app('not-seen', { policy: 'ifNotSeen', seenWithinSeconds: SEEN_WITHIN_SECONDS }),
  app('keeping', { policy: 'ifNotSeen' }, [], { limits: { receiptsPerUser: KEPT } }),
  app('waiting', { policy: 'ifNotSeen', seenWithinSeconds: 60 }),
  app('copying', {}, [{ name: 'copy', when: 'details.body == "urgent"', then: { copyToSms: true } }]),
];

let gateway: TestGateway;
/** The app of the current tests. */
let appId: string;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { apps: APPS } });
});
afterAll(() => gateway.close());

let count = 0;
/** A unique name, so that tests share no devices, messages or webhooks. */
const fresh = (prefix: string): string => `${prefix}${++count}`;
const backend = (method: 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  gateway.request({ method, url, headers: { apikey: keyOf(appId) }, ...(payload ? { payload } : {}) });
const notification = (id: string, holds?: (record: NotificationJson) => boolean) =>
  gateway.notification(id, holds, keyOf(appId));

interface Message {
  readonly id?: string;
  readonly sentAt?: number;
}

const sendSms = async (uid: string, messages: readonly Message[] = [{}], phno = PHNO): Promise<string> => {
  const event = sms(phno, uid);
  Object.assign(event.data, {
    smsContent: fresh('Text '),
    messages: messages.map((object) => ({
      message: 'Hi',
      ...(object.id === undefined ? {} : { messageObject: object }),
    })),
  });
  return (await gateway.webhook('sms', { ...event, appId })).json<{ notificationId: string }>()
    .notificationId;
};
const pushed = async (uid: string, details: object): Promise<NotificationJson> => {
  const answer = await gateway.webhook('push', { ...push({ ...details }, uid), appId });
  return notification(answer.json<{ notificationId: string }>().notificationId);
};
const settle = async (id: string): Promise<string> => {
  const { status, deliveries } = await notification(id);
  return deliveries[0]?.reason ?? status;
};
const withDevice = async (uid: string, change: object = {}): Promise<string> => {
  const device = { platform: 'fcm_android', fcmToken: `token-of-${uid}`, ...change };
  const { statusCode } = await backend('POST', `/v1/users/${uid}/devices`, device);
  expect(statusCode).toBe(201);
  return uid;
};
const seen = async (uid: string, body: object): Promise<void> => {
  const { statusCode } = await backend('POST', `/v1/users/${uid}/receipts`, body);
  expect(statusCode).toBe(204);
};
/** The sender in the payload sms-one-on-one. */
const SENDER = 'cometchat-uid-4';

describe('sms.policy: ifNoPush', () => {
  beforeAll(() => {
    appId = 'no-push';
  });

  it('sends an SMS only to a user without a device', async () => {
    expect(await settle(await sendSms(fresh('without')))).toBe('sent');
    const uid = await withDevice(fresh('with'));
    expect(await settle(await sendSms(uid))).toBe('reached_by_push');
    await backend('DELETE', `/v1/users/${uid}/devices?all=true`);
    expect(await settle(await sendSms(uid))).toBe('sent');
  });

  it('ignores a device that only rings', async () => {
    const uid = await withDevice(fresh('rings'), {
      platform: 'apns_ios_voip',
      voipToken: 'ab'.repeat(32),
      fcmToken: undefined,
    });
    expect(await settle(await sendSms(uid))).toBe('sent');
  });

  it('does not suppress an SMS that a backend requests', async () => {
    const uid = await withDevice(fresh('asked'));
    const request = { channel: 'sms', to: { uid, phno: PHNO }, text: 'Your code is 1234' };
    const answer = await backend('POST', '/v1/notifications', request);
    expect(await settle(answer.json<{ notificationId: string }>().notificationId)).toBe('sent');
    const again = await backend('POST', `/v1/notifications/${await sendSms(uid)}/resend`, {});
    expect(await settle(again.json<{ notificationId: string }>().notificationId)).toBe('sent');
  });
});

describe('the read receipts of a user', () => {
  const report = async (uid: string, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      await seen(uid, { receipts: Array.from({ length: 100 }, () => ({ tag: fresh('seen') })) });
    }
  };
  const rows = async (uid: string): Promise<{ tag: string }[]> => {
    const client = new pg.Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    const found = await client.query<{ tag: string }>(
      'SELECT tag FROM seen_message WHERE app_id = $1 AND uid = $2',
      [appId, uid],
    );
    await client.end();
    return found.rows;
  };

  it('are limited, and the oldest are removed', async () => {
    appId = 'keeping';
    await seen('mute', { tag: 'of somebody else' });
    await report('loud', 5);
    await seen('loud', { tag: 'newest' });
    const kept = await rows('loud');
    expect(kept.length).toBeLessThanOrEqual(KEPT * 1.1);
    expect(kept.length).toBeGreaterThanOrEqual(KEPT);
    expect(kept).toContainEqual({ tag: 'newest' });
    expect(await rows('mute')).toHaveLength(1);
  });

  it('are not stored if no policy uses them', async () => {
    for (appId of ['copying', 'no-push']) {
      await report('anyone', 1);
      expect([appId, await rows('anyone')]).toEqual([appId, []]);
    }
  });
});

describe('sms.policy: ifNotSeen', () => {
  beforeAll(() => {
    appId = 'not-seen';
  });

  it('waits for a read receipt, and sends the SMS if none arrives', async () => {
    const uid = await withDevice(fresh('unseen'));
    const id = await sendSms(uid, [{ id: fresh('m') }]);
    expect((await notification(id, () => true)).status).toBe('queued');
    const record = await notification(id);
    expect(record.status).toBe('sent');
    const startedAt = Date.parse(record.deliveries[0]?.attempts[0]?.startedAt ?? '');
    expect(startedAt - Date.parse(record.receivedAt)).toBeGreaterThanOrEqual(SEEN_WITHIN_SECONDS * 1_000);
  });

  it('sends no SMS if every message is reported as seen before or during the wait', async () => {
    const before = await withDevice(fresh('before'));
    const [first, second] = [fresh('m'), fresh('m')];
    await seen(before, { receipts: [{ tag: first }, { tag: second }] });
    expect(await settle(await sendSms(before, [{ id: first }, { id: second }]))).toBe('seen_on_device');

    const during = await withDevice(fresh('during'));
    const id = await sendSms(during, [{ id: first }]);
    await seen(during, { tag: first });
    expect(await settle(id)).toBe('seen_on_device');
  });

  it('sends the SMS if a message is unseen or seen by another user only', async () => {
    const uid = await withDevice(fresh('partly'));
    const [one, other] = [fresh('m'), fresh('m')];
    await seen(uid, { tag: one });
    await seen(fresh('somebody'), { tag: other });
    expect(await settle(await sendSms(uid, [{ id: one }, { id: other }]))).toBe('sent');
  });

  it('counts a read conversation as having seen all its earlier messages', async () => {
    const uid = await withDevice(fresh('looked'));
    const now = Math.floor(Date.now() / 1_000);
    await seen(uid, { tag: fresh('m'), conversationId: `${uid}_user_${SENDER.toUpperCase()}` });
    const sent = (sentAt: number) =>
      sendSms(uid, [
        { id: fresh('m'), sentAt: sentAt - 60 },
        { id: fresh('m'), sentAt },
      ]);
    expect(await settle(await sent(now - 30))).toBe('seen_on_device');
    expect(await settle(await sent(now + 30))).toBe('sent');
  });

  it('matches messages without ids by their conversation, named in either order', async () => {
    const named = async (name: (uid: string) => string): Promise<string[]> => {
      const uid = await withDevice(fresh('unnamed'));
      await seen(uid, { tag: fresh('m'), conversationId: name(uid) });
      const before = await settle(await sendSms(uid));
      // A push after the read receipt is unseen.
      await pushed(uid, { tag: fresh('m'), conversationId: name(uid) });
      return [before, await settle(await sendSms(uid))];
    };
    const elsewhere = async (): Promise<string> => {
      const uid = await withDevice(fresh('elsewhere'));
      await seen(uid, { tag: fresh('m'), conversationId: 'group_other' });
      return settle(await sendSms(uid));
    };
    expect(
      await Promise.all([
        named((uid) => `${uid}_user_${SENDER}`),
        named((uid) => `${SENDER}_user_${uid}`),
        elsewhere(),
      ]),
    ).toEqual([['seen_on_device', 'sent'], ['seen_on_device', 'sent'], 'sent']);
  });
});

describe('the read receipts of a client', () => {
  beforeAll(() => {
    appId = 'waiting';
  });

  const report = async (uid: string, payload: unknown) => {
    const token = await signToken({ sub: uid, sid: 's' }, DEMO.jwtSecret);
    const headers = { authorization: `Bearer ${token}`, appid: appId, 'content-type': 'application/json' };
    return gateway.request({
      method: 'POST',
      url: '/v1/me/receipts',
      headers,
      payload: JSON.stringify(payload),
    });
  };

  it('are not awaited from a user without a device', async () => {
    expect(await settle(await sendSms(fresh('without')))).toBe('sent');
  });

  it('may have numeric ids, and may be repeated', async () => {
    const uid = await withDevice(fresh('client'));
    const id = 1_000_000 + ++count;
    for (let times = 0; times < 2; times++) expect((await report(uid, { tag: id })).statusCode).toBe(204);
    expect(await settle(await sendSms(uid, [{ id: String(id) }]))).toBe('seen_on_device');
  });

  it.each([
    ['an empty body', {}, 'receipts'],
    ['a tag beside a list', { tag: '1', receipts: [{ tag: '1' }] }, 'receipts'],
    ['a conversation without a tag', { conversationId: 'group_g' }, 'tag'],
    ['an empty list', { receipts: [] }, 'receipts'],
    ['101 entries', { receipts: Array.from({ length: 101 }, (_, tag) => ({ tag })) }, 'receipts'],
    ['an empty tag', { receipts: [{ tag: '1' }, { tag: '' }] }, 'receipts[1].tag'],
    ['a tag of 201 characters', { tag: 'x'.repeat(201) }, 'tag'],
    ['a tag with NUL', { tag: 'a\u0000' }, 'tag'],
    ['a tag in an object', { tag: {} }, 'tag'],
    ['a conversation in a list', { tag: '1', conversationId: ['group_g'] }, 'conversationId'],
    ['a list', [], ''],
  ])('are refused with the path of the fault: %s', async (_, body, path) => {
    const answer = await report('bob', body);
    expect(answer.statusCode).toBe(400);
    const { code, errors } = answer.json<{ code: string; errors: { path: string }[] }>();
    expect(code).toBe('RECEIPT.INVALID_BODY');
    expect(errors.map((error) => error.path)).toContain(path);
  });
});

describe('one chat message', () => {
  beforeAll(() => {
    appId = 'copying';
  });

  const withContact = async (uid: string, phno = PHNO): Promise<string> => {
    await backend('PUT', `/v1/users/${uid}/contact`, { phno });
    return uid;
  };
  const copied = async (uid: string, tag: string): Promise<unknown> => {
    const { deliveries } = await pushed(uid, { tag, body: 'urgent', title: fresh('Title ') });
    const copy = deliveries.find(({ kind }) => kind === 'sms');
    return copy?.reason ?? copy?.status;
  };

  it('is sent as one SMS, by webhook or by rule', async () => {
    const uid = await withContact(fresh('once'));
    const [a, b, c] = [fresh('m'), fresh('m'), fresh('m')];
    expect(await settle(await sendSms(uid, [{ id: a }, { id: b }]))).toBe('sent');
    expect(await settle(await sendSms(uid, [{ id: b }, { id: a }]))).toBe('already_texted');
    expect(await copied(uid, a)).toBe('already_texted');
    expect(await copied(uid, c)).toBe('sent');
    expect(await settle(await sendSms(uid, [{ id: c }]))).toBe('already_texted');
    // One of the messages is new.
    expect(await settle(await sendSms(uid, [{ id: c }, { id: fresh('m') }]))).toBe('sent');
    // Messages without ids cannot be compared.
    expect(await settle(await sendSms(uid))).toBe('sent');
    expect(await settle(await sendSms(fresh('another'), [{ id: a }]))).toBe('sent');
  });

  it('is sent as one SMS for concurrent webhooks', async () => {
    const uid = fresh('burst');
    const id = fresh('m');
    const ids = await Promise.all(Array.from({ length: 20 }, () => sendSms(uid, [{ id }])));
    const ends: string[] = [];
    for (const each of ids) ends.push(await settle(each));
    expect(ends.filter((end) => end === 'sent')).toHaveLength(1);
    expect(ends.filter((end) => end === 'already_texted')).toHaveLength(19);
  });

  it('is sent again by a resend', async () => {
    const id = await sendSms(fresh('asked'), [{ id: fresh('m') }]);
    expect(await settle(id)).toBe('sent');
    const again = await backend('POST', `/v1/notifications/${id}/resend`, {});
    expect(await settle(again.json<{ notificationId: string }>().notificationId)).toBe('sent');
  });

  it('may be sent again if the first SMS failed', async () => {
    const uid = fresh('again');
    const id = fresh('m');
    // The sandbox refuses numbers that end in 0400.
    expect(await settle(await sendSms(uid, [{ id }], '+14155550400'))).toBe('message_refused');
    expect(await settle(await sendSms(uid, [{ id }]))).toBe('sent');
    expect(await settle(await sendSms(uid, [{ id }]))).toBe('already_texted');
  });
});
