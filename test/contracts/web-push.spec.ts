import { describe, expect, it } from '@jest/globals';
import testing from 'web-push-testing/src/PushApiModel.js';
import webPushPackage from 'web-push';
import { WebPushSettings } from '../../src/providers/webpush/web-push-settings.js';
import type { PushMessage } from '../../src/providers/provider.js';
import { WEB_PUSH_REASONS, WEB_PUSH_STATUSES } from '../../src/providers/webpush/web-push-errors.js';
import { checkWebPush } from '../../src/providers/webpush/web-push-check.js';
import { webpush } from '../../src/providers/webpush/web-push.provider.js';
import { VendorServer, type VendorServerOptions } from '../support/vendor-server.js';
import {
  startWebPushServer,
  webPushAnswer,
  webPushError,
  type Subscription,
  type WebPushServer,
} from '../support/web-push-server.js';
import { CONTEXT, pushVendor, refused, scriptCounts } from './push-vendor.fixture.js';

const PAYLOAD = { title: 'Andrew Joseph', body: 'Hällo 👍' };

const messageTo = ({ endpoint, keys }: Subscription, over: Partial<PushMessage> = {}): PushMessage => ({
  address: { transport: 'webpush', token: endpoint, platform: 'web_push', keys },
  payload: PAYLOAD,
  headers: { ttl: '60', urgency: 'high', topic: 'abc' },
  ...over,
});

const webPushVendor = pushVendor<WebPushSettings, WebPushServer, VendorServerOptions>({
  factory: webpush,
  Settings: WebPushSettings,
  startServer: startWebPushServer,
  contractOptions: { http2: false },
  play: ({ script }, scenario, retryAfter) => script.answerWith(webPushAnswer(scenario, retryAfter)),
  counts: scriptCounts,
  account: ({ vapidKeys, url }) => ({
    ...{ ...vapidKeys, subject: 'mailto:ops@example.com', allowedEndpoints: [url] },
  }),
  badCredentials: () => webPushPackage.generateVAPIDKeys(),
  message: (server) => messageTo(server.subscribe()),
  secrets: ({ vapidKeys }, { address: { token, keys } }) => [
    ...[token, keys?.auth ?? token, 'Andrew Joseph', vapidKeys.privateKey],
  ],
});
const { provide, start: started, closeLater } = webPushVendor;
webPushVendor.keepsContracts();

describe('the Web Push provider', () => {
  it('sends a push that the browser can decrypt', async () => {
    const { server, provider, message } = await started();
    const result = await provider.send(message, CONTEXT);
    expect(server.script.received).toMatchObject([{ payload: PAYLOAD, headers: message.headers }]);
    expect(result).toMatchObject({ outcome: 'accepted', vendorMessageId: `${server.url}/m/1` });
  });

  it('signs once for all browsers of a push service', async () => {
    const { server, provider } = await started();
    const messages = Array.from({ length: 50 }, () => messageTo(server.subscribe()));
    await Promise.all(messages.map((message) => provider.send(message, CONTEXT)));
    expect(server.script.received).toHaveLength(50);
    expect(server.authorizations.size).toBe(1);
  });

  it('sends requests that another implementation accepts', async () => {
    const browsers = new testing.PushApiModel();
    const keys = webPushPackage.generateVAPIDKeys();
    const service = await VendorServer.start({}, async ({ path, headers, bytes }) => {
      const told = {
        encoding: String(headers['content-encoding']),
        authorization: String(headers['authorization']),
        ttl: String(headers['ttl']),
      };
      await browsers.handleNotification(path.replace('/notify/', ''), told, bytes);
      return { status: 201, headers: { location: '/m/1' } };
    });
    browsers.notifyUrl = `${service.url}/notify/`;
    const subscription = await browsers.subscribe({
      userVisibleOnly: 'true',
      applicationServerKey: keys.publicKey,
    });
    const settings = Object.assign(new WebPushSettings(), {
      ...{ id: 'default', type: 'webpush', ...keys, subject: 'mailto:ops@example.com' },
      ...{ allowedEndpoints: [service.url], ca: service.ca },
    });
    const provider = webpush.create(settings);
    closeLater(service, provider);
    await provider.send(messageTo(subscription), CONTEXT);
    expect(browsers.messages[subscription.clientHash]).toEqual([JSON.stringify(PAYLOAD)]);
  });

  it('sends to the endpoint of the settings in place of every push service', async () => {
    const { server, message } = await started();
    const endpoint = server.url;
    const provider = provide(server, { endpoint, allowedEndpoints: ['https://push.example.com'] });
    const token = message.address.token.replace(server.url, 'https://push.example.com');
    const sending = provider.send({ ...message, address: { ...message.address, token } }, CONTEXT);
    // The endpoint refuses the JWT, whose audience is the push service.
    await expect(sending).rejects.toMatchObject({ vendorCode: 'BadJwtToken' });
    expect(server.script.asked).toBe(1);
  });

  it('calls no push service that is not allowed', async () => {
    const { server, outcome } = await started({}, { allowedEndpoints: [] });
    expect(await outcome()).toMatchObject({
      outcome: 'refused',
      reason: 'token_invalid',
      vendorCode: 'endpoint_not_allowed',
      addressIsDead: false,
    });
    expect(server.vendor.connections).toBe(0);
  });

  it('follows no redirect', async () => {
    const { server, outcome } = await started();
    const inner = await startWebPushServer();
    closeLater(inner);
    for (const status of [301, 302, 307, 308]) {
      const location = inner.subscribe().endpoint;
      server.script.answerWith({ status, headers: { location } });
      expect(await outcome()).toMatchObject({
        name: 'ProviderMisconfigured',
        vendorCode: String(status),
      });
    }
    expect(inner.vendor.connections).toBe(0);
  });

  it.each([undefined, { p256dh: 'AAAA', auth: 'BTBZMqHH6r4Tts7J_aSIgg' }])(
    'refuses a push without usable keys: %j',
    async (keys) => {
      const { server, message, outcome } = await started();
      expect(await outcome({ ...message, address: { ...message.address, keys } })).toMatchObject({
        ...refused('token_invalid', false),
        vendorCode: 'invalid_keys',
      });
      expect(server.script.asked).toBe(0);
    },
  );

  it('accepts a 201 with or without an id, and a 200 with an id only', async () => {
    const { server, outcome } = await started();
    server.script.answerWith({ status: 201 });
    expect(await outcome()).toMatchObject({ outcome: 'accepted', vendorMessageId: null });
    server.script.answerWith({ status: 200, headers: { 'apns-id': 'A-1' } });
    expect(await outcome()).toMatchObject({ outcome: 'accepted', vendorMessageId: 'A-1' });
  });

  const misconfigured = { name: 'ProviderMisconfigured' };
  const overQuota = {
    name: 'ProviderOverQuota',
    retryAfterMs: 60_000,
    addressOnly: true,
    maybeAccount: true,
  };
  const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false, retryAfterMs: 1_000 };
  const ROWS: Readonly<Record<string, object>> = {
    400: refused('message_refused', false),
    401: misconfigured,
    403: misconfigured,
    404: refused('token_unregistered', true),
    406: overQuota,
    408: unavailable,
    410: refused('token_unregistered', true),
    413: refused('message_too_large', false),
    429: overQuota,
    500: unavailable,
    502: unavailable,
    503: unavailable,
    504: { name: 'ProviderUnavailable', mayHaveBeenSent: true },
  };
  const REASON_ROWS = {
    BadJwtToken: [403, misconfigured],
    VapidPkHashMismatch: [400, misconfigured],
  } as const;

  it('lists the outcome of every status and reason', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(WEB_PUSH_STATUSES));
    expect(Object.keys(REASON_ROWS)).toEqual(Object.keys(WEB_PUSH_REASONS));
  });

  it.each(Object.entries(ROWS))('maps HTTP status %s', async (status, expected) => {
    const { server, outcome } = await started();
    server.script.answerWith({ status: Number(status), body: '<title>Error</title>' });
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: status });
    server.script.answerWith(webPushError(Number(status), 'NewerThanThis'));
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: 'NewerThanThis' });
  });

  it.each(Object.entries(REASON_ROWS))('maps reason %s', async (reason, [status, expected]) => {
    const { server, outcome } = await started();
    server.script.answerWith(webPushError(status, reason));
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: reason });
  });

  it.each([
    [405, misconfigured],
    [507, unavailable],
  ])('maps unknown HTTP status %i', async (status, expected) => {
    const { server, outcome } = await started();
    server.script.answerWith({ status });
    expect(await outcome()).toMatchObject(expected);
  });

  it('reports an unsubscribed browser as dead', async () => {
    const { server, outcome } = await started();
    const subscription = server.subscribe();
    server.unsubscribe(subscription);
    expect(await outcome(messageTo(subscription))).toMatchObject(refused('token_unregistered', true));
    const unknown = { ...subscription, endpoint: `${server.url}/wpush/v2/nobody?source=test` };
    expect(await outcome(messageTo(unknown))).toMatchObject(refused('token_unregistered', true));
  });

  it('reports the reason of a message that push services reject', async () => {
    const { server, message, outcome } = await started();
    const send = (over: object): Promise<unknown> =>
      outcome({ ...message, headers: { ...message.headers, ...over } });
    expect(await send({ ttl: 'soon' })).toMatchObject({ vendorCode: 'BadTtl' });
    expect(await send({ urgency: 'urgent' })).toMatchObject({ vendorCode: 'BadUrgency' });
    expect(await send({ topic: 'x'.repeat(33) })).toMatchObject({ vendorCode: 'BadWebPushTopic' });
    const payload = { body: 'x'.repeat(4_000) };
    expect(await outcome({ ...message, payload })).toMatchObject(refused('message_too_large', false));
    expect(server.script.received).toHaveLength(0);
  });
});

describe('a check of Web Push', () => {
  it('accepts a key pair and a subject without a request', async () => {
    const { server, provider } = await started();
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'ok', code: null });
    expect(server.vendor.connections).toBe(0);
  });

  it('reports keys that are no pair, without showing them', () => {
    const { publicKey } = webPushPackage.generateVAPIDKeys();
    const { privateKey } = webPushPackage.generateVAPIDKeys();
    const checked = checkWebPush({ publicKey, privateKey, subject: 'mailto:ops@example.com' });
    expect(checked).toMatchObject({ outcome: 'failed', code: 'invalid_keys' });
    expect(checked.text).not.toContain(privateKey);
  });

  it.each([
    ['mailto:ops@example.com', 'ok'],
    ['https://example.com/contact', 'ok'],
    ['https://localhost.example.com', 'ok'],
    ['mailto:ops@localhost', 'failed'],
    ['https://localhost:8080/contact', 'failed'],
    ['ops@example.com', 'failed'],
  ])('interprets the subject %s as %s', (subject, outcome) => {
    expect(checkWebPush({ ...webPushPackage.generateVAPIDKeys(), subject })).toMatchObject({ outcome });
  });
});
