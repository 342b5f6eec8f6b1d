import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { push } from '../support/payloads.js';
import {
  API_KEY,
  startRegistryGateway,
  type Headers,
  type RegistryGateway,
} from '../support/registry-gateway.js';

interface DeviceJson {
  id: string;
  uid: string;
  pushToken: string;
  sessionId: string | null;
  createdAt: string;
  updatedAt: string;
}

let registry: RegistryGateway;
beforeAll(async () => {
  registry = await startRegistryGateway();
});
afterAll(() => registry.close());

const android = (fcmToken: unknown, more: object = {}): object => ({
  platform: 'fcm_android',
  fcmToken,
  ...more,
});
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

async function devicesOf(headers: Headers): Promise<DeviceJson[]> {
  const answer = await registry.call('GET', '/v1/me/devices', headers);
  expect(answer.statusCode).toBe(200);
  return answer.json<{ data: DeviceJson[] }>().data;
}

describe('the devices of a client', () => {
  it('are registered with 201, refreshed with 200 and shown with a masked token', async () => {
    const ann = await registry.client('Ann-1', 's1');
    const token = 'a-token-that-is-long-enough';
    const body = android(token, {
      platform: 'FCM_Android',
      timezone: 'Asia/Kolkata',
      unknown: { later: true },
    });
    const first = await registry.call('POST', '/v1/me/devices', ann, body);
    expect(first.statusCode).toBe(201);
    expect(first.json()).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      uid: 'ann-1',
      platform: 'fcm_android',
      kind: 'sandbox',
      providerId: 'default',
      pushToken: 'a-to…ugh',
      sessionId: 's1',
      timezone: 'Asia/Kolkata',
      createdAt: expect.stringMatching(ISO),
      updatedAt: expect.stringMatching(ISO),
    });
    const second = await registry.call('POST', '/v1/me/devices', ann, android(token));
    expect(second.statusCode).toBe(200);
    expect(second.json()).toMatchObject({ id: first.json<DeviceJson>().id, timezone: null });
    expect(await devicesOf(ann)).toEqual([second.json()]);
    expect(first.body + second.body).not.toContain(token);
  });

  it('have one token per kind and session', async () => {
    const [phone, tablet] = [await registry.client('bob', 'phone'), await registry.client('bob', 'tablet')];
    const voip = { platform: 'apns_ios_voip', voipToken: 'ABCDEF0123' };
    for (const [who, body] of [
      [phone, android('old-token-of-phone')],
      [phone, voip],
      [tablet, android('token-of-the-tablet')],
      [phone, android('new-token-of-phone')],
    ] as const) {
      expect((await registry.call('POST', '/v1/me/devices', who, body)).statusCode).toBe(201);
    }
    const tokens = (await devicesOf(phone)).map(({ pushToken }) => pushToken);
    expect(tokens).toEqual(['new-…one', 'toke…let', 'abc…23']);
  });

  it('include a token that another user had before', async () => {
    const [cyd, dan] = [await registry.client('cyd'), await registry.client('dan')];
    expect((await registry.call('POST', '/v1/me/devices', cyd, android('moving-token'))).statusCode).toBe(
      201,
    );
    expect((await registry.call('POST', '/v1/me/devices', dan, android('moving-token'))).statusCode).toBe(
      201,
    );
    expect(await devicesOf(cyd)).toEqual([]);
    expect(await devicesOf(dan)).toHaveLength(1);
  });

  it('are unregistered by session, by token, by id, or all together', async () => {
    const [phone, web] = [await registry.client('eve', 'phone'), await registry.client('eve', null)];
    const remove = async (query: string, who = phone): Promise<unknown> => {
      const answer = await registry.call('DELETE', `/v1/me/devices${query}`, who);
      return answer.statusCode === 200 ? answer.json() : answer.json<{ code: string }>().code;
    };
    const fill = async (): Promise<void> => {
      await registry.call('DELETE', '/v1/me/devices?all=true', phone);
      await registry.call('POST', '/v1/me/devices', phone, android('eve-phone'));
      await registry.call('POST', '/v1/me/devices', phone, {
        platform: 'apns_ios_device',
        pushToken: 'ABCDEF99',
      });
      await registry.call('POST', '/v1/me/devices', web, android('eve-web-1'));
      await registry.call('POST', '/v1/me/devices', web, android('eve-web-2'));
    };

    await fill();
    expect(await remove('')).toEqual({ deleted: 2 });
    expect(await remove('')).toEqual({ deleted: 0 });
    await fill();
    expect(await remove('', web)).toEqual({ deleted: 2 });
    await fill();
    expect(await remove('?all=true')).toEqual({ deleted: 4 });
    await fill();
    expect(await remove('?pushToken=abcdEF99')).toEqual({ deleted: 1 });
    expect(await remove('?pushToken=abcdEF99')).toBe('DEVICE.NOT_FOUND');
    expect(await remove('?pushToken=eve-web-1&all=false')).toEqual({ deleted: 1 });
    const [device] = await devicesOf(phone);
    expect(await remove(`/${device?.id}`)).toEqual({ deleted: 1 });
    expect(await remove(`/${device?.id}`)).toBe('DEVICE.NOT_FOUND');
    expect(await devicesOf(phone)).toHaveLength(1);
  });

  it('are neither visible to nor removable by another user', async () => {
    const [fay, gus] = [await registry.client('fay'), await registry.client('gus')];
    const device = (
      await registry.call('POST', '/v1/me/devices', fay, android('token-of-fay'))
    ).json<DeviceJson>();
    for (const url of [
      `/v1/me/devices/${device.id}`,
      '/v1/me/devices/nonsense',
      '/v1/me/devices/00000000-0000-7000-8000-000000000000',
      '/v1/me/devices?pushToken=token-of-fay',
    ]) {
      const answer = await registry.call('DELETE', url, gus);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'DEVICE.NOT_FOUND']);
    }
    expect(await devicesOf(gus)).toEqual([]);
    expect(await devicesOf(fay)).toHaveLength(1);
  });

  it('are limited to 100 per user', async () => {
    const headers = await registry.client('hoarder', null);
    for (let i = 0; i < 101; i++)
      await registry.backend('POST', '/v1/users/hoarder/devices', android(`hoard-${i}-token`));
    const tokens = (await devicesOf(headers)).map(({ pushToken }) => pushToken);
    expect(tokens).toHaveLength(100);
    expect(
      (await registry.call('DELETE', '/v1/me/devices?pushToken=hoard-0-token', headers)).statusCode,
    ).toBe(404);
  });

  it('accept a session id of any length and any characters', async () => {
    const long = await registry.client('ian', 's'.repeat(3_000));
    const odd = await registry.client('ian', 'a\u0000b');
    for (const who of [long, odd]) {
      expect(
        (await registry.call('POST', '/v1/me/devices', who, android(`ian-${who === odd}-token`))).statusCode,
      ).toBe(201);
    }
    expect((await registry.call('DELETE', '/v1/me/devices', long)).json()).toEqual({ deleted: 1 });
    expect(await devicesOf(odd)).toHaveLength(1);
  });
});

describe('the devices that a backend manages', () => {
  it('may belong to any user, with a session derived from an auth token that is not stored', async () => {
    const authToken = 'cometchat-uid-3_1710141033938cf7';
    const created = await registry.backend(
      'POST',
      '/v1/users/Jan/devices',
      android('token-of-jan', { authToken }),
    );
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({ uid: 'jan', sessionId: expect.stringMatching(/^at_/) });
    expect(created.body).not.toContain(authToken);
    await registry.backend(
      'POST',
      '/v1/users/jan/devices',
      android('other-token-of-jan', { sessionId: 's2' }),
    );

    const other = await registry.backend('DELETE', '/v1/users/jan/devices?authToken=another');
    expect(other.json()).toEqual({ deleted: 0 });
    const own = await registry.backend('DELETE', `/v1/users/JAN/devices?authToken=${authToken}`);
    expect(own.json()).toEqual({ deleted: 1 });
    const second = await registry.backend('DELETE', '/v1/users/jan/devices?sessionId=s2');
    expect(second.json()).toEqual({ deleted: 1 });
    expect((await registry.backend('GET', '/v1/users/jan/devices')).json()).toEqual({ data: [] });
  });

  it('accept a uid of 100 reserved characters', async () => {
    const uid = '+'.repeat(100);
    const created = await registry.backend(
      'POST',
      `/v1/users/${encodeURIComponent(uid)}/devices`,
      android('plus-token'),
    );
    expect([created.statusCode, created.json()]).toEqual([201, expect.objectContaining({ uid })]);
  });

  it('are not unregistered without a session, token or all=true', async () => {
    const answer = await registry.backend('DELETE', '/v1/users/jan/devices');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      400,
      'DEVICE.SESSION_REQUIRED',
    ]);
  });

  it.each([
    ['of 101 characters', 'a'.repeat(101)],
    ['with a blank', 'a%20b'],
    ['with NUL', 'a%00b'],
    ['of invalid UTF-8', 'a%ff'],
  ])('are refused for a uid %s', async (_, uid) => {
    const answer = await registry.backend('GET', `/v1/users/${uid}/devices`);
    expect(answer.statusCode).toBe(400);
  });

  it.each([
    'all=maybe',
    'all=true&all=true',
    'pushToken=',
    'pushToken=a%20b',
    'all=true&pushToken=t',
    'sessionId=',
  ])('are not unregistered by the invalid query %s', async (query) => {
    const answer = await registry.backend('DELETE', `/v1/users/jan/devices?${query}`);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'REQUEST.INVALID_QUERY']);
  });
});

describe('an invalid registration', () => {
  it.each([
    ['a token of 5,000 characters', android('x'.repeat(5_000)), 'fcmToken'],
    ['a token in a list', android(['t']), 'fcmToken'],
    ['a token in an object', android({ t: 1 }), 'fcmToken'],
    ['a numeric token', android(5), 'fcmToken'],
    ['no token', { platform: 'fcm_android' }, 'fcmToken'],
    ['an unknown platform', { platform: 'symbian', fcmToken: 't' }, 'platform'],
    ['an unknown time zone', android('t', { timezone: 'Nowhere' }), 'timezone'],
    ['an unknown provider', android('t', { providerId: 'nobody' }), 'providerId'],
    ['two sessions', android('t', { authToken: 'a', sessionId: 's' }), 'sessionId'],
    ['a key named constructor', android('t', { extra: { constructor: 'x' } }), ''],
    ['a list', [], ''],
    ['a string', '"text"', ''],
    ['null', 'null', ''],
    ['truncated JSON', '{"platform":', ''],
    ['a key named __proto__', '{"__proto__":{"a":1},"platform":"fcm_android","fcmToken":"t"}', ''],
    ['an empty body', '', ''],
  ])('is answered with 400 and the path of the fault: %s', async (_, body, path) => {
    const answer = await registry.backend('POST', '/v1/users/kim/devices', body);
    expect(answer.statusCode).toBe(400);
    const { errors, requestId } = answer.json<{
      errors: { path: string; problem: string }[];
      requestId: string;
    }>();
    expect(errors.map((error) => error.path)).toContain(path);
    expect(requestId).toBe(answer.headers['x-request-id']);
    expect(answer.body).not.toContain('xxxxx');
    expect((await registry.backend('GET', '/v1/users/kim/devices')).json()).toEqual({ data: [] });
  });

  it('is answered with 413 above 64 kB, and with 415 if it is not JSON', async () => {
    const large = await registry.backend(
      'POST',
      '/v1/users/kim/devices',
      android('t', { extra: 'x'.repeat(70_000) }),
    );
    expect(large.statusCode).toBe(413);
    const headers = { apikey: 'backend-key-of-app-one', 'content-type': 'text/plain' };
    const text = await registry.gateway.request({
      method: 'POST',
      url: '/v1/users/kim/devices',
      headers,
      payload: 'x',
    });
    expect(text.statusCode).toBe(415);
  });
});

describe('50 concurrent registrations', () => {
  it('of one user and session leave one device', async () => {
    const headers = await registry.client('crowd', 'one');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        registry.call('POST', '/v1/me/devices', headers, android(`crowd-token-${i}`)),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 50 }, () => 201));
    expect(await devicesOf(headers)).toHaveLength(1);
  });
});

describe('a notification', () => {
  it('is sent to the registered devices of its recipient only', async () => {
    const headers = await registry.client('lea');
    await registry.call('POST', '/v1/me/devices', headers, android('token-of-lea'));
    const send = async (tag: string): Promise<string> => {
      const event = push({ tag }) as { appId: string; data: { to: { uid: string } } };
      const body = { ...event, appId: 'one', data: { ...event.data, to: { uid: 'LEA' } } };
      const authorization = `Basic ${Buffer.from('cometchat:webhook').toString('base64')}`;
      const answer = await registry.gateway.webhook('push', body, { authorization });
      const { notificationId } = answer.json<{ notificationId: string }>();
      const { status, deliveries } = await registry.gateway.notification(notificationId, undefined, API_KEY);
      return deliveries[0]?.reason ?? status;
    };
    expect(await send('lea-1')).toBe('sent');
    await registry.call('DELETE', '/v1/me/devices', headers);
    expect(await send('lea-2')).toBe('no_device');
  });
});
