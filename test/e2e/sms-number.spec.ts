import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { startCometChat, type CometChatServer } from '../support/cometchat-server.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../support/gateway.js';
import { push, sms } from '../support/payloads.js';
import { SHORT_TIMEOUT_MS, until } from '../support/until.js';

const [DEMO_APP] = DEMO_CONFIG.apps;
const MOBILE = '+4915112345678';

let chat: CometChatServer;
let gateway: TestGateway;
/** The app of the current tests. */
let appId = 'asking';
let lines: Record<string, unknown>[] = [];
const linesOf = (msg: string) => lines.filter((line) => line['msg'] === msg);
let users = 0;
const newUid = (): string => `user-${++users}`;

const send = async (uid: string, phno: string | null = null, change: object = {}): Promise<string> => {
  const event = sms(phno, uid);
  // Distinct content: identical webhooks are duplicates.
  Object.assign(event.data, { smsContent: `Text ${++users}` }, change);
  return (await gateway.webhook('sms', { ...event, appId })).json<{ notificationId: string }>()
    .notificationId;
};
const backend = (method: 'POST' | 'PUT', url: string, payload: object) =>
  gateway.request({ method, url, headers: { apikey: keyOf(appId) }, payload });
const notification = (id: string, holds?: (record: NotificationJson) => boolean) =>
  gateway.notification(id, holds, keyOf(appId));
const settle = async (id: string) => {
  const { status, deliveries } = await notification(id);
  return { status, reason: deliveries[0]?.reason, kind: deliveries[0]?.kind };
};
const numbersUsedFor = async (uid: string): Promise<string[]> =>
  (await gateway.sandboxMessages())
    .filter((message) => message.uid === uid && message.channel === 'sms')
    .map(({ to }) => to);

const keyOf = (id: string): string => `backend-key-of-${id}`;
/** One app per group of tests, all on one gateway. */
const app = (id: string, change: object = {}, sms_: object = {}, rules: object[] = []): object => ({
  ...DEMO_APP,
  appId: id,
  clients: { ...DEMO_APP?.clients, apiKeys: [keyOf(id)] },
  rules,
  sms: { ...DEMO_APP?.sms, askCometChatForNumbers: true, ...sms_ },
  cometchat: {
    apiEndpoint: chat.url,
    ca: chat.ca,
    restApiKey: 'rest-api-key',
    requestTimeoutMs: SHORT_TIMEOUT_MS,
    ...change,
  },
});

beforeAll(async () => {
  chat = await startCometChat('asking');
  const apps = [
    app('asking'),
    app('copying', {}, {}, [{ name: 'copy', when: 'true', then: { copyToSms: true } }]),
    app('locked-out', { restApiKey: 'wrong-rest-api-key' }),
    app('not-asking', {}, { askCometChatForNumbers: false }),
  ];
  gateway = await startTestGateway({
    config: { apps },
    log: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
});
afterAll(async () => {
  await gateway.close();
  await chat.close();
});
beforeEach(() => {
  chat.trouble = undefined;
  chat.askedNumbers.length = 0;
  lines = [];
});

describe('the number of an SMS', () => {
  it('comes from the webhook, else from the contact, else from CometChat', async () => {
    const [given, known, asked] = [newUid(), newUid(), newUid()];
    for (const uid of [given, known, asked]) chat.numbers.set(uid, '+91 92993 34134');
    for (const uid of [given, known]) await backend('PUT', `/v1/users/${uid}/contact`, { phno: MOBILE });
    await settle(await send(given, '(415) 555-0100'));
    await settle(await send(known));
    expect(chat.askedNumbers).toEqual([]);
    await settle(await send(asked));
    expect(chat.askedNumbers).toEqual([asked]);
    expect(await numbersUsedFor(given)).toEqual(['+14155550100']);
    expect(await numbersUsedFor(known)).toEqual([MOBILE]);
    expect(await numbersUsedFor(asked)).toEqual(['+919299334134']);
  });

  it('is looked up at CometChat once, even if there is none', async () => {
    const [has, hasNone, unknown] = [newUid(), newUid(), newUid()];
    chat.numbers.set(has, MOBILE).set(hasNone, null);
    const all = [has, hasNone, unknown];
    const first = await Promise.all([...all, ...all].map((uid) => send(uid)));
    const then: unknown[] = [];
    for (const id of first) then.push(await settle(id));
    const none = { status: 'skipped', reason: 'no_phone_number', kind: null };
    const sent = { status: 'sent', reason: null, kind: 'sms' };
    expect(then).toEqual([sent, none, none, sent, none, none]);
    for (const uid of all) await settle(await send(uid));
    expect(chat.askedNumbers.toSorted()).toEqual(all.toSorted());
  });

  it.each([
    ['answers 503', { status: 503 }],
    ['is over quota', { status: 429, headers: { 'retry-after': '0' } }],
    ['drops the connection', 'reset'],
    ['does not answer', 'hang'],
    ['answers with an HTML page', { status: 200, body: '<html>' }],
  ] as const)('is awaited without losing the SMS while CometChat %s', async (_, trouble) => {
    const uids = [newUid(), newUid(), newUid()];
    for (const uid of uids) chat.numbers.set(uid, MOBILE);
    chat.trouble = trouble;
    const ids = await Promise.all(uids.map((uid) => send(uid)));
    await until(
      () => linesOf('notification.postponed').length >= 3,
      () => lines,
    );
    const [waiting] = ids;
    const { status } = await notification(String(waiting), () => true);
    expect(status).toBe('queued');
    chat.trouble = undefined;
    for (const id of ids) expect(await settle(id)).toMatchObject({ status: 'sent' });
    expect(linesOf('contacts.unavailable').length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toMatch(/15112345678|rest-api-key/);
  });

  it('is reported missing after repeated failed lookups', async () => {
    chat.trouble = { status: 500 };
    const id = await send(newUid());
    expect(await settle(id)).toEqual({ status: 'skipped', reason: 'no_phone_number', kind: null });
    expect(linesOf('notification.postponed')).toHaveLength(8);
    expect(linesOf('job.failed')).toEqual([]);
  });

  it.each([
    ['a fixed line', '+493012345678', 'number_takes_no_texts'],
    ['a premium number', '+19005551234', 'number_takes_no_texts'],
    ['no number', 'call me', 'invalid_phone_number'],
  ])('is refused from every source if it is %s', async (_, phno, reason) => {
    const uid = newUid();
    chat.numbers.set(uid, phno);
    expect(await settle(await send(uid, phno))).toEqual({ status: 'skipped', reason, kind: null });
    expect(await settle(await send(uid))).toEqual({ status: 'skipped', reason, kind: null });
  });
});

describe('a push that a rule copies to an SMS', () => {
  beforeAll(() => {
    appId = 'copying';
  });

  const copyOf = async (uid: string, details: object = {}, name?: string): Promise<unknown> => {
    const device = { platform: 'fcm_android', fcmToken: `token-of-${uid}` };
    await backend('POST', `/v1/users/${uid}/devices`, device);
    const answer = await gateway.webhook('push', {
      ...push({ sessionId: uid, ...details }, uid, name),
      appId,
    });
    const record = await notification(answer.json<{ notificationId: string }>().notificationId);
    return Object.fromEntries(
      record.deliveries.map(({ kind, status, reason }): [string, string] => [kind ?? '', reason ?? status]),
    );
  };

  it('looks its number up at CometChat', async () => {
    const uid = newUid();
    chat.numbers.set(uid, MOBILE);
    expect(await copyOf(uid)).toEqual({ sandbox: 'sent', sms: 'sent' });
  });

  it('is sent without waiting for the number, and a ring without a lookup', async () => {
    chat.trouble = 'hang';
    expect(await copyOf(newUid())).toEqual({ sandbox: 'sent', sms: 'no_phone_number' });
    chat.askedNumbers.length = 0;
    const ring = await copyOf(newUid(), {}, 'push-call-initiated');
    expect(ring).toEqual({ sandbox: 'sent', sms: 'no_phone_number' });
    expect(chat.askedNumbers).toEqual([]);
  });
});

describe('a REST API key that CometChat refuses', () => {
  beforeAll(() => {
    appId = 'locked-out';
  });

  it('is logged once, and its users have no number', async () => {
    for (const uid of [newUid(), newUid()])
      expect(await settle(await send(uid))).toMatchObject({ reason: 'no_phone_number' });
    expect(linesOf('contacts.refused')).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('wrong-rest-api-key');
  });
});

describe('an app with askCometChatForNumbers: false', () => {
  beforeAll(() => {
    appId = 'not-asking';
  });

  it('looks no number up at CometChat', async () => {
    const uid = newUid();
    chat.numbers.set(uid, MOBILE);
    expect(await settle(await send(uid))).toMatchObject({ reason: 'no_phone_number' });
    expect(chat.askedNumbers).toEqual([]);
  });
});
