import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { validated } from '../../platform/http/validated.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { PLATFORMS, TRANSPORT_OF } from './platforms.js';
import { BackendRegistrationDto } from './registration.dto.js';
import { addressFaults, readRegistration, type Registration } from './registration.js';

const app = {
  push: {
    providers: [
      { id: 'default', type: 'sandbox', requestTimeoutMs: 1 },
      { id: 'real', type: 'fcm', requestTimeoutMs: 1 },
      { id: 'apple', type: 'apns', environment: 'production' },
      { id: 'both', type: 'apns', environment: 'production' },
      { id: 'both', type: 'apns', environment: 'sandbox' },
      { id: 'browsers', type: 'webpush', allowedEndpoints: ['https://push.example.com'] },
    ],
  },
} as unknown as AppSettings;

const read = (body: unknown, sessionId: string | null = null): Registration =>
  readRegistration(validated(BackendRegistrationDto, body, 'DEVICE.INVALID_BODY'), app, sessionId);

/** The code and the paths of a refusal. */
function refusal(body: unknown): { code: string; paths: string[] } {
  try {
    read(body);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { code: error.code, paths: error.errors.map(({ path }) => path) };
  }
  throw new Error('The body was accepted.');
}

// A public key and a secret, as a browser issues them.
const KEYS = {
  p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
  auth: 'tBHItJI5svbpez7KI4CCXg',
};
const SUBSCRIPTION = { endpoint: 'https://push.example.com/send/1', expirationTime: null, keys: KEYS };

describe('readRegistration', () => {
  it('supports the 17 platforms of CometChat, browsers, Expo and Huawei', () => {
    expect(PLATFORMS).toHaveLength(20);
  });

  it.each(PLATFORMS)('accepts %s in any case, with its own token field', (platform) => {
    const field = {
      fcm: 'fcmToken',
      apns: 'deviceToken',
      'apns-voip': 'voipToken',
      webpush: 'subscription',
      expo: 'pushToken',
      hms: 'pushToken',
    } as const;
    const transport = TRANSPORT_OF[platform];
    const token = transport === 'webpush' ? SUBSCRIPTION : 'abcdef1234';
    const registration = read({ platform: platform.toUpperCase(), [field[transport]]: token });
    expect(registration).toMatchObject({ platform, transport });
    expect(registration.token).toBe(transport === 'webpush' ? SUBSCRIPTION.endpoint : token);
  });

  it('fills in defaults for absent and null fields', () => {
    const minimal = read({ platform: 'fcm_android', fcmToken: 't' }, 's1');
    expect(minimal).toEqual({
      platform: 'fcm_android',
      transport: 'fcm',
      providerId: 'default',
      token: 't',
      webPushKeys: null,
      environment: null,
      sessionId: 's1',
      timezone: null,
      locale: null,
      appVersion: null,
    });
    const optional = [
      'deviceToken',
      'voipToken',
      'pushToken',
      'subscription',
      'providerId',
      'timezone',
      'locale',
    ];
    const nulls = Object.fromEntries(
      [...optional, 'appVersion', 'environment', 'sessionId'].map((key) => [key, null]),
    );
    expect(read({ platform: 'fcm_android', fcmToken: 't', ...nulls }, 's1')).toEqual(minimal);
  });

  it('keeps all optional fields', () => {
    const optional = {
      timezone: 'Asia/Kolkata',
      locale: 'zh-Hant-TW',
      appVersion: '1.2.3 (45)',
      environment: 'sandbox',
    };
    expect(
      read({ platform: 'apns_ios_device', deviceToken: 'ab12', ...optional, model: 'iPhone' }),
    ).toMatchObject(optional);
  });

  it('accepts pushToken for every platform with a plain token', () => {
    for (const platform of PLATFORMS.filter((name) => name !== 'web_push')) {
      expect(read({ platform, pushToken: 't' }).token).toBe('t');
    }
    expect(refusal({ platform: 'web_push', pushToken: 't' }).paths).toEqual(['pushToken']);
  });

  it('lower-cases hex APNs tokens and no others', () => {
    expect(read({ platform: 'apns_ios_voip', voipToken: 'ABCDEF12' }).token).toBe('abcdef12');
    expect(read({ platform: 'apns_ios_device', pushToken: 'Unregistered-X' }).token).toBe('Unregistered-X');
    expect(read({ platform: 'fcm_ios', fcmToken: 'ABCDEF12' }).token).toBe('ABCDEF12');
  });

  it('keeps an environment for APNs only', () => {
    expect(read({ platform: 'fcm_ios', fcmToken: 't', environment: 'sandbox' }).environment).toBeNull();
  });

  it('accepts a subscription as a browser serialises it', () => {
    expect(read({ platform: 'web_push', subscription: { ...SUBSCRIPTION, later: 1 } })).toMatchObject({
      token: SUBSCRIPTION.endpoint,
      webPushKeys: KEYS,
    });
  });

  it.each([
    ['no token', {}, ['fcmToken']],
    ['a null token', { fcmToken: null }, ['fcmToken']],
    ['two tokens', { fcmToken: 't', pushToken: 't' }, ['pushToken']],
    ['a token of another kind', { deviceToken: 'ab12' }, ['deviceToken']],
    ['a subscription', { subscription: SUBSCRIPTION }, ['subscription']],
    ['an empty token', { fcmToken: '' }, ['fcmToken']],
    ['a token of 4,097 characters', { fcmToken: 'x'.repeat(4_097) }, ['fcmToken']],
    ['a token with a space', { fcmToken: 'a b' }, ['fcmToken']],
    ['a token with NUL', { fcmToken: 'a\u0000' }, ['fcmToken']],
    ['a token in a list', { fcmToken: ['t'] }, ['fcmToken']],
    ['a token in an object', { fcmToken: { t: 1 } }, ['fcmToken']],
    ['a number', { fcmToken: 5 }, ['fcmToken']],
    ['a provider that is not a name', { fcmToken: 't', providerId: ['default'] }, ['providerId']],
    ['an unknown time zone', { fcmToken: 't', timezone: 'Mars/Olympus' }, ['timezone']],
    ['an offset', { fcmToken: 't', timezone: '+05:30' }, ['timezone']],
    ['a list of locales', { fcmToken: 't', locale: ['en'] }, ['locale']],
    ['an invalid locale', { fcmToken: 't', locale: 'not a locale' }, ['locale']],
    ['an overlong version', { fcmToken: 't', appVersion: 'x'.repeat(65) }, ['appVersion']],
    ['another environment', { fcmToken: 't', environment: 'staging' }, ['environment']],
    ['a session in a list', { fcmToken: 't', sessionId: ['s'] }, ['sessionId']],
    ['an overlong session', { fcmToken: 't', sessionId: 's'.repeat(201) }, ['sessionId']],
  ])('refuses %s', (_, fields, paths) => {
    const { code, paths: found } = refusal({ platform: 'fcm_android', ...fields });
    expect(code).toBe('DEVICE.INVALID_BODY');
    expect([...new Set(found)]).toEqual(paths);
  });

  it.each([undefined, null, '', 'fcm', ['fcm_android'], 5, 'toString'])(
    'refuses the platform %p',
    (platform) => {
      expect(refusal({ platform, fcmToken: 't' })).toEqual({
        code: 'DEVICE.INVALID_BODY',
        paths: ['platform'],
      });
    },
  );

  it.each([
    ['a string', 'https://push.example.com', 'subscription'],
    ['a list', [SUBSCRIPTION], 'subscription'],
    ['an http endpoint', { ...SUBSCRIPTION, endpoint: 'http://push.example.com/1' }, 'subscription.endpoint'],
    ['an invalid URL', { ...SUBSCRIPTION, endpoint: 'https://' }, 'subscription.endpoint'],
    ['no keys', { endpoint: SUBSCRIPTION.endpoint }, 'subscription.keys'],
    ['half of the keys', { ...SUBSCRIPTION, keys: { p256dh: KEYS.p256dh } }, 'subscription.keys.auth'],
    [
      'keys that are not base64url',
      { ...SUBSCRIPTION, keys: { ...KEYS, auth: 'ä' } },
      'subscription.keys.auth',
    ],
  ])('refuses a subscription that is or has %s', (_, subscription, path) => {
    expect(refusal({ platform: 'web_push', subscription }).paths).toContain(path);
  });

  it.each([
    ['apple', 'production'],
    ['apple', undefined],
    ['both', 'sandbox'],
    ['both', undefined],
  ])('accepts provider %s for a token from environment %s', (providerId, environment) => {
    const device = { platform: 'apns_ios_device', deviceToken: 'ab12cd34', providerId, environment };
    expect(read(device)).toMatchObject({ providerId, environment: environment ?? null });
  });

  it('accepts subscriptions only of push services that the app allows', () => {
    const at = (endpoint: string): object => ({
      platform: 'web_push',
      providerId: 'browsers',
      subscription: { ...SUBSCRIPTION, endpoint },
    });
    expect(read(at('https://push.example.com/send/1')).token).toBe('https://push.example.com/send/1');
    expect(read(at('https://fcm.googleapis.com/fcm/send/1')).transport).toBe('webpush');
    for (const endpoint of ['https://127.0.0.1/', 'https://push.example.net/send/1']) {
      expect(refusal(at(endpoint))).toEqual({
        code: 'DEVICE.INVALID_BODY',
        paths: ['subscription.endpoint'],
      });
    }
  });

  it.each([
    ['an unknown id', { platform: 'fcm_android', fcmToken: 't', providerId: 'nobody' }],
    ['FCM for an APNs token', { platform: 'apns_ios_device', deviceToken: 'ab12', providerId: 'real' }],
    [
      'APNs’ other environment',
      { platform: 'apns_ios_voip', voipToken: 'ab12cd34', providerId: 'apple', environment: 'sandbox' },
    ],
    ['FCM for a browser', { platform: 'web_push', subscription: SUBSCRIPTION, providerId: 'real' }],
  ])('refuses a provider that does not serve the device: %s', (_, body) => {
    expect(refusal(body)).toEqual({ code: 'DEVICE.UNKNOWN_PROVIDER', paths: ['providerId'] });
  });

  it('accepts a provider that serves the device', () => {
    expect(read({ platform: 'fcm_web', fcmToken: 't', providerId: 'real' }).providerId).toBe('real');
  });
});

describe('addressFaults', () => {
  const pathsOf = (...args: Parameters<typeof addressFaults>): string[] =>
    addressFaults(...args).map(({ path }) => path);

  it('requires hex for APNs', () => {
    for (const transport of ['apns', 'apns-voip'] as const) {
      expect(pathsOf(transport, 'deviceToken', 'ab'.repeat(32), null)).toEqual([]);
      for (const token of ['unregistered-1', 'abcdef1', 'a'.repeat(201)]) {
        expect(pathsOf(transport, 'pushToken', token, null)).toEqual(['pushToken']);
      }
    }
  });

  it('accepts any token for FCM', () => {
    expect(pathsOf('fcm', 'fcmToken', 'dK3f:APA91b-x_y', null)).toEqual([]);
  });

  it('requires usable keys for Web Push', () => {
    const keysOf = (changes: object): string[] =>
      pathsOf('webpush', 'subscription', SUBSCRIPTION.endpoint, { ...KEYS, ...changes });
    expect(keysOf({})).toEqual([]);
    // 65 bytes with the right prefix, but not on the curve.
    const offTheCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url');
    expect(keysOf({ p256dh: offTheCurve })).toEqual(['subscription.keys.p256dh']);
    expect(keysOf({ p256dh: 'abc', auth: 'abc' })).toEqual([
      'subscription.keys.p256dh',
      'subscription.keys.auth',
    ]);
  });
});
