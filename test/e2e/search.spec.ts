import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { firstIdAt } from '../../src/platform/ids/new-id.js';
import {
  basic,
  OPERATOR_AUTH,
  startTestGateway,
  type NotificationJson,
  type TestGateway,
} from '../support/gateway.js';
import { addPast, type PastRows } from '../support/past-notifications.js';
import { push, sms } from '../support/payloads.js';
import { until } from '../support/until.js';

const OTHER = {
  appId: 'other',
  username: 'cometchat-2',
  password: 'other-webhook-password',
  apiKey: 'other-backend-key',
};
const TOKEN = 'dK3fQx81:APA91bHPRgkFLJu60Ot9aQ-token-of-ann';
const APNS_TOKEN = 'AB12CD34'.repeat(8);
const PHNO = '+14155550123';

interface SearchJson {
  recognised: string[];
  users: { appId: string; uid: string; foundBy: string[] }[];
  devices: {
    id: string;
    appId: string;
    uid: string;
    pushToken: string;
    retiredAt: string | null;
    foundBy: string[];
  }[];
  data: (NotificationJson & { foundBy: string[] })[];
  nextCursor: string | null;
  scannedTo: string | null;
}
type PageJson = Pick<SearchJson, 'nextCursor' | 'scannedTo'> & { data: NotificationJson[] };

let gateway: TestGateway;
let lines = '';
/** Notifications by name, in the order in which they arrived. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  const other = {
    ...DEMO_CONFIG.apps[0],
    appId: OTHER.appId,
    webhook: { basicAuth: [{ username: OTHER.username, password: OTHER.password }] },
    clients: { apiKeys: [OTHER.apiKey] },
  };
  gateway = await startTestGateway({
    config: {
      apps: [DEMO_CONFIG.apps[0], other],
      delivery: { maxAttempts: 1, backoffMs: 20, maxBackoffMs: 200 },
    },
    log: (line) => (lines += line),
  });
  await register('ann', { platform: 'fcm_android', fcmToken: TOKEN });
  await register('anna', { platform: 'apns_ios_device', deviceToken: APNS_TOKEN, environment: 'production' });
  await register('carl', { platform: 'fcm_android', fcmToken: 'unregistered-token-of-carl' });
  await gateway.backend('PUT', '/v1/users/bob/contact', { phno: PHNO });

  await post('chat', push({ tag: '4711' }, 'ann'));
  await post('reaction', push({ tag: '4712' }, 'anna', 'push-reaction'));
  await post('noDevice', push({ tag: '4713' }, 'nobody'));
  await post('dead', push({ tag: '4714' }, 'carl'));
  await post('ring', push({ sessionId: 'v1.one' }, 'ann', 'push-call-initiated'));
  await post('cancel', push({ sessionId: 'v1.one' }, 'ann', 'push-call-cancelled'));
  await post('ringNobody', push({ sessionId: 'v1.two' }, 'nobody', 'push-call-initiated'));
  await post('lateEnd', push({ sessionId: 'v1.three' }, 'nobody', 'push-call-ended'));
  await post('sms', sms(PHNO, 'bob'));
  await post('smsByWebhook', sms('+14155550177', 'stranger'));
  await post('smsRefused', sms('+14155550400', 'stranger'));
  await post('smsNowhere', sms(null, 'no-number', 'sms-one-on-one-without-phno'));
  const resent = await gateway.backend('POST', `/v1/notifications/${ids['chat']}/resend`);
  ids['resend'] = resent.json<{ notificationId: string }>().notificationId;
  await gateway.notification(ids['resend']);
  await post('elsewhere', { ...push({ tag: '4711' }, 'ann'), appId: OTHER.appId }, OTHER);
});
afterAll(() => gateway.close());

async function register(uid: string, device: object): Promise<void> {
  const { statusCode } = await gateway.backend('POST', `/v1/users/${uid}/devices`, device);
  expect(statusCode).toBe(201);
}

/** Posts a webhook and waits until its notification is settled. */
async function post(name: string, event: object, app?: typeof OTHER): Promise<void> {
  const channel = /sms-notification/.test(JSON.stringify(event)) ? 'sms' : 'push';
  const headers = app ? { authorization: basic(app.username, app.password) } : {};
  const id = (await gateway.webhook(channel, event, headers)).json<{ notificationId: string }>()
    .notificationId;
  ids[name] = id;
  await gateway.notification(id, undefined, app?.apiKey);
}

const nameOf = (id: string): string => Object.keys(ids).find((name) => ids[name] === id) ?? id;
const namesOf = ({ data }: { data: readonly NotificationJson[] }): string[] =>
  data.map(({ id }) => nameOf(id));

const queryOf = (query: Record<string, string>): string => new URLSearchParams(query).toString();
async function ask<T>(
  path: string,
  query: Record<string, string>,
  headers: Record<string, string>,
): Promise<T> {
  const answer = await gateway.request({ method: 'GET', url: `${path}?${queryOf(query)}`, headers });
  expect([query, answer.statusCode]).toEqual([query, 200]);
  return answer.json<T>();
}
const AS_BACKEND = { apikey: DEMO.apiKey };
const AS_OPERATOR = { authorization: OPERATOR_AUTH };
const list = (
  query: Record<string, string>,
  headers: Record<string, string> = AS_BACKEND,
): Promise<PageJson> => ask('/v1/notifications', query, headers);
const search = (
  q: string,
  query: Record<string, string> = {},
  headers: Record<string, string> = AS_BACKEND,
): Promise<SearchJson> => ask('/v1/search', { q, ...query }, headers);

describe('a filter of the list', () => {
  it.each<[Record<string, string>, string[]]>([
    [{ kind: 'reaction' }, ['reaction']],
    [{ kind: 'call', uid: 'ann' }, ['cancel', 'ring']],
    [{ reason: 'no_device' }, ['lateEnd', 'ringNobody', 'noDevice']],
    [{ reason: 'token_unregistered' }, ['dead']],
    [{ provider: 'sandbox' }, ['smsRefused', 'smsByWebhook', 'sms']],
    [{ provider: 'sandbox', status: 'failed' }, ['smsRefused']],
    [{ outcome: 'refused' }, ['smsRefused', 'dead']],
    [{ outcome: 'refused', provider: 'default' }, ['dead']],
    [{ outcome: 'accepted', reason: 'no_device' }, []],
    [{ tag: '4711' }, ['resend', 'chat']],
    [{ tag: '471' }, []],
    [{ tag: '"' }, []],
    [{ sessionId: 'v1.one' }, ['cancel', 'ring']],
    [{ sessionId: 'v1.one', uid: 'anna' }, []],
    [{ sessionId: 'v1.two' }, ['ringNobody']],
    [{ sessionId: 'v1.three' }, ['lateEnd']],
    [{ source: 'resend' }, ['resend']],
    [{ appId: DEMO.appId, source: 'resend' }, ['resend']],
    [{ uid: 'ANN', status: 'sent', kind: 'chat' }, ['resend', 'chat']],
    [{ channel: 'sms', reason: 'no_phone_number' }, ['smsNowhere']],
    [{ uid: 'nobody', slowerThanMs: '3600000' }, []],
    [{ uid: 'nobody', kind: 'chat', slowerThanMs: '1' }, ['noDevice']],
  ])('%j', async (query, names) => {
    const page = await list(query);
    expect([namesOf(page), page.nextCursor, page.scannedTo]).toEqual([names, null, null]);
  });

  it('shows the operator all apps, or the one that is named', async () => {
    expect(namesOf(await list({ tag: '4711' }, AS_OPERATOR))).toEqual(['elsewhere', 'resend', 'chat']);
    expect(namesOf(await list({ uid: 'ann', kind: 'chat' }, AS_OPERATOR))).toEqual([
      'elsewhere',
      'resend',
      'chat',
    ]);
    expect(namesOf(await list({ status: 'skipped', kind: 'chat' }, AS_OPERATOR))).toEqual([
      'elsewhere',
      'noDevice',
    ]);
    expect(namesOf(await list({ sessionId: 'v1.one' }, AS_OPERATOR))).toEqual(['cancel', 'ring']);
    expect(namesOf(await list({ appId: OTHER.appId }, AS_OPERATOR))).toEqual(['elsewhere']);
  });

  it('pages with a cursor, and tells how far it has looked', async () => {
    const first = await list({ uid: 'ann', limit: '2' });
    expect(namesOf(first)).toEqual(['resend', 'cancel']);
    expect(first.scannedTo).toBe(first.data[1]?.receivedAt);
    const second = await list({ uid: 'ann', limit: '2', cursor: first.nextCursor ?? '' });
    expect([namesOf(second), second.nextCursor, second.scannedTo]).toEqual([['ring', 'chat'], null, null]);
  });

  it.each([
    ['kind=letter', 'kind'],
    ['reason=none', 'reason'],
    ['outcome=', 'outcome'],
    ['source=fax', 'source'],
    ['provider=%00', 'provider'],
    ['tag=', 'tag'],
    ['slowerThanMs=0', 'slowerThanMs'],
    ['slowerThanMs=1.5', 'slowerThanMs'],
    ['sessionId=%0A', 'sessionId'],
    ['appId=', 'appId'],
  ])('is checked: %s', async (query, path) => {
    const answer = await gateway.backend('GET', `/v1/notifications?${query}`);
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'REQUEST.INVALID_QUERY', errors: [expect.objectContaining({ path })] }),
    ]);
  });

  it('does not reach the fields of the search', async () => {
    const all = await list({});
    expect(namesOf(await list({ uidPrefix: 'an', ids: '[]', vendorId: 'x' }))).toEqual(namesOf(all));
  });
});

describe('a search', () => {
  it.each<[string, string[], string[]]>([
    ['chat', ['notification', 'delivery'], ['chat']],
    ['ring', ['notification', 'delivery'], ['ring']],
  ])('by the id of a notification: %s', async (name, recognised, names) => {
    const found = await search((ids[name] ?? '').toUpperCase());
    expect([found.recognised, namesOf(found), found.nextCursor, found.scannedTo]).toEqual([
      recognised,
      names,
      null,
      null,
    ]);
    expect(found.data[0]?.foundBy).toEqual(['notification']);
  });

  it('by the id of a delivery, and by that of a device', async () => {
    const [delivery] = (await search(ids['chat'] ?? '')).data[0]?.deliveries ?? [];
    const byDelivery = await search(delivery?.id ?? '');
    expect([namesOf(byDelivery), byDelivery.data[0]?.foundBy]).toEqual([['chat'], ['delivery']]);
    const byDevice = await search(delivery?.deviceId ?? '');
    expect(byDevice.users).toEqual([{ appId: DEMO.appId, uid: 'ann', foundBy: ['device'] }]);
    expect(namesOf(byDevice)).toEqual(['resend', 'cancel', 'ring', 'chat']);
  });

  it('by a token, which it does not repeat', async () => {
    const found = await search(TOKEN);
    expect(found).toMatchObject({
      recognised: ['token'],
      users: [{ appId: DEMO.appId, uid: 'ann', foundBy: ['token'] }],
      devices: [
        { appId: DEMO.appId, uid: 'ann', pushToken: 'dK3f…ann', retiredAt: null, foundBy: ['token'] },
      ],
    });
    expect(namesOf(found)).toEqual(['resend', 'cancel', 'ring', 'chat']);
    expect(JSON.stringify(found)).not.toContain(TOKEN);
  });

  it('by an Apple token in either case, and by that of a retired device', async () => {
    for (const token of [APNS_TOKEN, APNS_TOKEN.toLowerCase()]) {
      expect((await search(token)).users.map(({ uid }) => uid)).toEqual(['anna']);
    }
    const retired = await until(async () => {
      const found = await search('unregistered-token-of-carl');
      return found.devices[0]?.retiredAt ? found : undefined;
    });
    expect(retired.devices).toMatchObject([
      { uid: 'carl', retiredReason: 'token_unregistered', pushToken: 'unre…arl' },
    ]);
    expect(namesOf(retired)).toEqual(['dead']);
  });

  it.each([PHNO, '+1 (415) 555-0123', '4155550123', ' 14155550123'])('by a phone number: %s', async (q) => {
    const found = await search(q);
    expect(found.users).toEqual([{ appId: DEMO.appId, uid: 'bob', foundBy: ['phone'] }]);
    expect([namesOf(found), found.data[0]?.foundBy]).toEqual([['sms'], ['phone']]);
    expect(found.recognised[0]).toBe('phone');
    expect(JSON.stringify(found)).not.toContain('5550123');
  });

  it('by a phone number that only a webhook has', async () => {
    const found = await search('+14155550177');
    expect([found.users, namesOf(found)]).toEqual([[], ['smsByWebhook']]);
  });

  it('by a call', async () => {
    const rang = await search('v1.one');
    expect([rang.recognised, namesOf(rang)]).toEqual([['call_session'], ['cancel', 'ring']]);
    expect(namesOf(await search('v1.three'))).toEqual(['lateEnd']);
    expect(namesOf(await search('v1.four'))).toEqual([]);
  });

  it('by the vendor’s message id of an SMS, and of a push', async () => {
    for (const [name, scanned] of [
      ['sms', false],
      ['chat', true],
    ] as const) {
      const { deliveries } = await gateway.notification(ids[name] ?? '');
      const found = await search(deliveries[0]?.attempts[0]?.vendorMessageId ?? 'none');
      expect([namesOf(found), found.data[0]?.foundBy, scanned]).toEqual([
        [name],
        ['vendor_message'],
        scanned,
      ]);
    }
  });

  it('by a tag', async () => {
    const found = await search('4711');
    expect([found.recognised, namesOf(found)]).toEqual([['tag'], ['resend', 'chat']]);
  });

  it('by a uid, and by its beginning', async () => {
    const found = await search('Ann');
    expect(found.recognised).toEqual(['uid']);
    expect(found.users.map(({ uid }) => uid)).toEqual(['ann', 'anna']);
    expect(namesOf(found)).toEqual(['resend', 'cancel', 'ring', 'chat', 'reaction']);
    expect(found.data.every(({ foundBy }) => foundBy.join() === 'uid')).toBe(true);
  });

  it('by a uid that has neither device nor contact', async () => {
    const whole = await search('nobody');
    expect(whole.users).toEqual([{ appId: DEMO.appId, uid: 'nobody', foundBy: ['uid'] }]);
    const names = ['lateEnd', 'ringNobody', 'noDevice'];
    expect([namesOf(whole), namesOf(await search('nobo'))]).toEqual([names, names]);
    expect(await search('100%_')).toMatchObject({ recognised: ['uid'], users: [], data: [] });
  });

  it('pages through all that it finds, each notification once', async () => {
    const names: string[] = [];
    const users: string[][] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: SearchJson = await search('an', {
        limit: '2',
        ...(cursor === undefined ? {} : { cursor }),
      });
      names.push(...namesOf(page));
      users.push(page.users.map(({ uid }) => uid));
      expect(page.scannedTo === null).toBe(page.nextCursor === null);
      cursor = page.nextCursor;
    }
    expect(names).toEqual(['resend', 'cancel', 'ring', 'reaction', 'chat']);
    expect(users.flat()).toEqual(['ann', 'anna']);
  });

  it('is limited to a time span', async () => {
    const { receivedAt } = await gateway.notification(ids['ring'] ?? '');
    expect(namesOf(await search('ann', { from: receivedAt }))).toEqual(['resend', 'cancel', 'ring']);
    expect(namesOf(await search('ann', { to: receivedAt }))).toEqual(['chat', 'reaction']);
  });

  it('of a backend stays within its app; the operator searches all, or the one named', async () => {
    const asOther = { apikey: OTHER.apiKey };
    for (const q of [ids['chat'] ?? '', TOKEN, PHNO, 'v1.one', 'nobody', 'sandbox-']) {
      expect(await search(q, {}, asOther)).toMatchObject({ users: [], devices: [], data: [] });
    }
    expect(namesOf(await search('ann', {}, asOther))).toEqual(['elsewhere']);
    expect(namesOf(await search('4711', {}, AS_OPERATOR))).toEqual(['elsewhere', 'resend', 'chat']);
    expect(namesOf(await search('4711', { appId: OTHER.appId }, AS_OPERATOR))).toEqual(['elsewhere']);
  });

  it.each<[string, string]>([
    ['', 'q'],
    ['q=', 'q'],
    ['q=%20', 'q'],
    ['q=a%00b', 'q'],
    ['q=%ED%A0%80', ''],
    [`q=${'a'.repeat(4_097)}`, 'q'],
    ['q=ann&cursor=abc', 'cursor'],
    ['q=ann&limit=0', 'limit'],
    ['q=ann&from=yesterday', 'from'],
    ['q=ann&appId=', 'appId'],
  ])('is checked: %s', async (query, path) => {
    const answer = await gateway.backend('GET', `/v1/search?${query}`);
    const { errors } = answer.json<{ errors: { path: string }[] }>();
    if (path !== '') expect([answer.statusCode, errors.map((fault) => fault.path)]).toEqual([400, [path]]);
    else expect(answer.statusCode).toBeLessThan(500);
  });

  it('leaves no number or token in the log', () => {
    for (const secret of [TOKEN, '5550123', '5550177']) expect(lines).not.toContain(secret);
  });
});

describe('the wrong caller', () => {
  it.each(['/v1/search?q=ann', '/v1/notifications?kind=chat'])('is refused: %s', async (url) => {
    const statusOf = async (headers: Record<string, string>, more = ''): Promise<unknown[]> => {
      const answer = await gateway.request({ method: 'GET', url: url + more, headers });
      return [answer.statusCode, answer.json<{ code: string }>().code];
    };
    expect(await statusOf({})).toEqual([401, 'AUTH.REQUIRED']);
    expect(await statusOf({ apikey: 'wrong' })).toEqual([401, 'AUTH.INVALID']);
    expect(await statusOf({ authorization: basic('admin', 'wrong') })).toEqual([401, 'AUTH.INVALID']);
    expect(await statusOf(AS_BACKEND, `&appId=${OTHER.appId}`)).toEqual([403, 'APP.UNKNOWN']);
    expect(await statusOf(AS_OPERATOR, '&appId=unknown')).toEqual([403, 'APP.UNKNOWN']);
  });
});

describe('a ledger of more notifications than a request looks at', () => {
  const COUNT = 30_000;
  let past: PastRows;
  beforeAll(async () => {
    past = await addPast(gateway.databaseUrl, { appId: OTHER.appId, count: COUNT, uid: 'crowd' });
  });
  const asOther = { apikey: OTHER.apiKey };

  it('is searched in several requests, which say how far they looked', async () => {
    // One is newer: `elsewhere`.
    const first = await list({ tag: past.oldestTag, limit: '50' }, asOther);
    expect([first.data, first.scannedTo]).toEqual([[], past.receivedAt(20_000 - 2).toISOString()]);
    const second = await list({ tag: past.oldestTag, cursor: first.nextCursor ?? '' }, asOther);
    expect(second.data.map(({ uid }) => uid)).toEqual(['crowd']);
    expect([second.nextCursor, second.scannedTo]).toEqual([null, null]);
  });

  it('is searched less far where attempts are read', async () => {
    const { data, scannedTo } = await list({ outcome: 'over_quota' }, asOther);
    expect([data, scannedTo]).toEqual([[], past.receivedAt(8_000 - 2).toISOString()]);
  });

  it('finds those that took long', async () => {
    const { data } = await list({ slowerThanMs: '3000000', limit: '1' }, asOther);
    expect(data.map(({ uid }) => uid)).toEqual(['crowd']);
  });

  it('goes on in the same way in a search', async () => {
    const first = await search(past.oldestTag, {}, asOther);
    expect([first.data.length, first.scannedTo === null]).toEqual([0, false]);
    let found: SearchJson = first;
    for (let requests = 0; found.nextCursor !== null && found.data.length === 0; requests++) {
      expect(requests).toBeLessThan(10);
      found = await search(past.oldestTag, { cursor: found.nextCursor }, asOther);
    }
    expect(found.data.map(({ foundBy }) => foundBy)).toEqual([['tag']]);
  });

  it('does not hide the notifications of another app, or those that an index finds', async () => {
    expect(namesOf(await list({ tag: '4711' }))).toEqual(['resend', 'chat']);
    const { data } = await list({ uid: 'crowd', from: new Date(0).toISOString() }, asOther);
    expect(data).toHaveLength(50);
    expect(firstIdAt(new Date(0)) < (data[0]?.id ?? '')).toBe(true);
  });
});
