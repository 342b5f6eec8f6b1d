import { describe, expect, it } from '@jest/globals';
import { ApnsSettings } from '../../src/providers/apns/apns-settings.js';
import { APNS_REASONS } from '../../src/providers/apns/apns-errors.js';
import { apns, ApnsProvider } from '../../src/providers/apns/apns.provider.js';
import { SigningKey } from '../../src/providers/apns/signing-key.js';
import { TokenConnections } from '../../src/providers/apns/token-connections.js';
import { connectTo } from '../../src/providers/http-client/connect-to.js';
import type { SendResult } from '../../src/domain/outcome.js';
import type { PushMessage, PushProvider } from '../../src/providers/provider.js';
import {
  apnsAnswer,
  apnsError,
  newApnsKey,
  startApnsServer,
  type ApnsServer,
  type ApnsServerOptions,
} from '../support/apns-server.js';
import { CONTEXT, pushVendor, refused, scriptCounts } from './push-vendor.fixture.js';
import { roundTrip } from '../support/round-trip.js';
import { until } from '../support/until.js';

const TOKEN = 'a0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3e4f5a0b1';
const MESSAGE: PushMessage = {
  address: { transport: 'apns', token: TOKEN, platform: 'apns_ios_device' },
  payload: { title: 'Andrew Joseph', aps: { alert: { title: 'Andrew Joseph' } } },
  headers: { 'apns-push-type': 'alert', 'apns-priority': '10', 'apns-expiration': '0' },
};
const VOIP: PushMessage = {
  address: { ...MESSAGE.address, transport: 'apns-voip', platform: 'apns_ios_voip' },
  payload: { callAction: 'initiated', aps: {} },
  headers: { ...MESSAGE.headers, 'apns-push-type': 'voip' },
};
const apnsVendor = pushVendor<ApnsSettings, ApnsServer, ApnsServerOptions>({
  factory: apns,
  Settings: ApnsSettings,
  startServer: startApnsServer,
  play: ({ script }, scenario, retryAfter) => script.answerWith(apnsAnswer(scenario, retryAfter)),
  counts: scriptCounts,
  account: ({ signingKey: { key, keyId, teamId }, bundleId, url }) => ({
    ...{ key, keyId, teamId, bundleId, endpoint: url },
  }),
  badCredentials: () => ({ key: newApnsKey().key }),
  message: () => MESSAGE,
  secrets: () => [TOKEN, 'Andrew Joseph', 'PRIVATE KEY'],
});
const { provide, start: started, closeLater } = apnsVendor;
apnsVendor.keepsContracts();

describe('the APNs provider', () => {
  it('sends the payload, the token, the topic and the delivery id', async () => {
    const { server, provider } = await started();
    const result = await provider.send(MESSAGE, CONTEXT);
    expect(result).toMatchObject({ outcome: 'accepted', vendorMessageId: CONTEXT.deliveryId });
    const [push] = server.script.received;
    expect(push?.token).toBe(TOKEN);
    expect(JSON.parse(push?.body ?? '')).toEqual(MESSAGE.payload);
    expect(push?.headers).toMatchObject({
      ...MESSAGE.headers,
      'apns-topic': 'com.example.app',
      'apns-id': CONTEXT.deliveryId,
    });
  });

  it('sends VoIP pushes with the VoIP topic', async () => {
    const { server, provider } = await started();
    await provider.send(VOIP, CONTEXT);
    expect(server.script.received[0]?.headers['apns-topic']).toBe('com.example.app.voip');
  });

  it('sends the same id with every attempt of a delivery', async () => {
    const { server, outcome } = await started();
    server.script.answerWith(apnsError(503, 'ServiceUnavailable'), 1);
    expect(await outcome()).toMatchObject({ name: 'ProviderUnavailable' });
    expect(await outcome()).toMatchObject({ outcome: 'accepted', vendorMessageId: CONTEXT.deliveryId });
  });

  it('shares one token of a key between accounts', async () => {
    const { server, provider } = await started();
    const other = provide(server, { id: 'other' });
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => (i % 2 ? provider : other).send(MESSAGE, CONTEXT)),
    );
    expect(server.providerTokens.size).toBe(1);
  });

  /** A provider whose clock stands just before a change of the token; `pass` moves it past that change. */
  const beforeChange = async (): Promise<{
    server: ApnsServer;
    provider: PushProvider;
    pass: () => void;
  }> => {
    const period = 25 * 60_000;
    let time = Math.ceil(Date.now() / period) * period + 59_000;
    const now = (): number => time;
    const server = await startApnsServer({ latencyMs: 100, now });
    const provider = new ApnsProvider({
      connections: new TokenConnections(() =>
        connectTo({ endpoint: server.url, ca: server.ca, protocol: 'h2' }),
      ),
      signingKey: new SigningKey(server.signingKey, { now, steady: now }),
      bundleId: server.bundleId,
      timeoutMs: 10_000,
    });
    closeLater(server, provider);
    return { server, provider, pass: () => void (time += 2_000) };
  };

  it('changes connections with the token and finishes requests on the old ones', async () => {
    const { server, provider, pass } = await beforeChange();
    const send = (): Promise<SendResult> => provider.send(MESSAGE, CONTEXT);
    await send();
    const before = Array.from({ length: 20 }, () => send());
    await until(
      () => server.vendor.requests === 21,
      () => server.vendor.requests,
    );
    pass();
    const results = await Promise.all([...before, send()]);
    expect(results).toMatchObject(
      results.map(() => ({ outcome: 'accepted', vendorMessageId: CONTEXT.deliveryId })),
    );
    expect([server.providerTokens.size, server.vendor.connections]).toEqual([2, 2]);
    await until(
      () => server.vendor.open === 1,
      () => server.vendor.open,
    );
  });

  it('opens another connection after TooManyProviderTokenUpdates', async () => {
    const { server, provider, outcome } = await started();
    await provider.send(MESSAGE, CONTEXT);
    server.script.answerWith(apnsError(429, 'TooManyProviderTokenUpdates'), 1);
    expect(await outcome()).toMatchObject({ name: 'ProviderOverQuota' });
    expect(await outcome()).toMatchObject({ outcome: 'accepted' });
    expect(server.vendor.connections).toBe(2);
  });

  it('sends a burst over few connections although each begins with one stream', async () => {
    const { server, provider } = await started({ latencyMs: 20 });
    await Promise.all(Array.from({ length: 1_000 }, () => provider.send(MESSAGE, CONTEXT)));
    expect(server.script.received).toHaveLength(1_000);
    expect(server.vendor.connections).toBeLessThanOrEqual(10);
    expect(server.vendor.peak).toBeGreaterThan(100);
  });

  it('loses no push to a GOAWAY or a dropped idle connection', async () => {
    const { server, provider } = await started({ latencyMs: 100 });
    await provider.send(MESSAGE, CONTEXT);
    const before = Array.from({ length: 50 }, () => provider.send(MESSAGE, CONTEXT));
    await until(
      () => server.vendor.requests === 51,
      () => server.vendor.requests,
    );
    server.vendor.goaway();
    const after = Array.from({ length: 50 }, () => provider.send(MESSAGE, CONTEXT));
    await Promise.all([...before, ...after]);
    server.vendor.dropConnections();
    await roundTrip();
    await provider.send(MESSAGE, CONTEXT);
    expect(server.script.received).toHaveLength(102);
  });

  const misconfigured = { name: 'ProviderMisconfigured' };
  const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false, retryAfterMs: 1_000 };
  const message = refused('message_refused');
  const ROWS: Readonly<Record<string, readonly [number, object]>> = {
    Unregistered: [410, refused('token_unregistered', true)],
    ExpiredToken: [410, refused('token_unregistered', true)],
    BadDeviceToken: [400, { ...refused('token_invalid', true), environmentMayBeWrong: true }],
    BadCollapseId: [400, message],
    BadExpirationDate: [400, message],
    BadMessageId: [400, message],
    BadPriority: [400, message],
    DuplicateHeaders: [400, message],
    InvalidPushType: [400, message],
    MissingDeviceToken: [400, message],
    PayloadEmpty: [400, message],
    PayloadTooLarge: [413, refused('message_too_large')],
    BadTopic: [400, misconfigured],
    MissingTopic: [400, misconfigured],
    TopicDisallowed: [400, misconfigured],
    DeviceTokenNotForTopic: [400, misconfigured],
    BadCertificate: [403, misconfigured],
    BadCertificateEnvironment: [403, misconfigured],
    BadEnvironmentKeyIdInToken: [403, misconfigured],
    BadEnvironmentKeyInToken: [403, misconfigured],
    UnrelatedKeyIdInToken: [403, misconfigured],
    Forbidden: [403, misconfigured],
    InvalidProviderToken: [403, misconfigured],
    MissingProviderToken: [403, misconfigured],
    ExpiredProviderToken: [403, misconfigured],
    BadPath: [404, misconfigured],
    MethodNotAllowed: [405, misconfigured],
    TooManyProviderTokenUpdates: [
      429,
      { name: 'ProviderOverQuota', retryAfterMs: 10_000, addressOnly: false },
    ],
    TooManyRequests: [429, { name: 'ProviderOverQuota', retryAfterMs: 30_000, addressOnly: true }],
    IdleTimeout: [400, unavailable],
    InternalServerError: [500, unavailable],
    ServiceUnavailable: [503, unavailable],
    Shutdown: [503, unavailable],
  };

  it('lists the outcome of every error code', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(APNS_REASONS));
  });

  it.each(Object.entries(ROWS))('maps error code %s', async (reason, [status, expected]) => {
    const { server, outcome } = await started();
    server.script.answerWith(apnsError(status, reason));
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: reason });
  });

  it('reports since when a token is dead', async () => {
    const { server, outcome } = await started();
    server.script.answerWith(apnsError(410, 'Unregistered', { timestamp: 1_700_000_000_123 }));
    expect(await outcome()).toMatchObject({ deadSince: new Date(1_700_000_000_123) });
    server.script.answerWith(apnsError(410, 'Unregistered', { timestamp: Date.now() + 3_600_000 }));
    const { deadSince } = (await outcome()) as { deadSince: Date };
    expect(deadSince.getTime()).toBeLessThanOrEqual(Date.now());
    server.script.answerWith(apnsError(410, 'Unregistered'));
    expect(await outcome()).not.toHaveProperty('deadSince');
  });

  it('is misconfigured if its clock is behind, as APNs accepts no token', async () => {
    const { outcome } = await started({ now: () => Date.now() + 2 * 3_600_000 });
    expect(await outcome()).toMatchObject({ ...misconfigured, vendorCode: 'ExpiredProviderToken' });
  });

  it('reports the reason of a message that APNs rejects', async () => {
    const { server, outcome } = await started();
    const send = (over: object, payload = MESSAGE.payload): Promise<unknown> =>
      outcome({ ...MESSAGE, payload, headers: { ...MESSAGE.headers, ...over } });
    expect(await send({ 'apns-priority': '7' })).toMatchObject({ vendorCode: 'BadPriority' });
    expect(await send({ 'apns-push-type': 'background' })).toMatchObject({ vendorCode: 'BadPriority' });
    expect(await send({ 'apns-push-type': 'voip' })).toMatchObject({ vendorCode: 'BadTopic' });
    expect(await send({ 'apns-push-type': 'shout' })).toMatchObject({ vendorCode: 'InvalidPushType' });
    expect(await send({ 'apns-expiration': 'soon' })).toMatchObject({ vendorCode: 'BadExpirationDate' });
    expect(await send({ 'apns-collapse-id': 'x'.repeat(65) })).toMatchObject({ vendorCode: 'BadCollapseId' });
    expect(await send({}, { title: 'x' })).toMatchObject({ vendorCode: 'PayloadEmpty' });
    const large = { ...MESSAGE.payload, body: 'x'.repeat(4_096) };
    expect(await send({}, large)).toMatchObject(refused('message_too_large'));
    const address = { ...MESSAGE.address, token: 'not-hex' };
    expect(await outcome({ ...MESSAGE, address })).toMatchObject({ vendorCode: 'BadDeviceToken' });
    expect(server.script.received).toHaveLength(0);
  });

  const BARE = [
    [302, misconfigured],
    [400, message],
    [403, misconfigured],
    [404, misconfigured],
    [408, unavailable],
    [410, refused('token_unregistered', true)],
    [413, refused('message_too_large')],
    [429, { name: 'ProviderOverQuota', addressOnly: true, maybeAccount: true }],
    [500, unavailable],
    [502, unavailable],
    [504, unavailable],
  ] as const;
  it.each(BARE)('maps HTTP status %i without a known reason', async (status, expected) => {
    const { server, outcome } = await started();
    server.script.answerWith({ status, body: '<!DOCTYPE html><title>Error</title>' });
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: String(status) });
    server.script.answerWith(apnsError(status, 'NewerThanThis'));
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: 'NewerThanThis' });
  });

  it.each([['no PEM', { key: 'secret-rubbish' }, 'key is not a private key in PEM']] as const)(
    'is not set up with %s',
    async (_what, over, problem) => {
      const server = await startApnsServer();
      closeLater(server);
      const made = (): PushProvider => provide(server, over);
      expect(made).toThrow(problem);
      expect(made).not.toThrow('secret-rubbish');
    },
  );

  it('sends to the environment of the device', () => {
    const of = (environment: 'production' | 'sandbox'): unknown =>
      apns.environmentOf?.(Object.assign(new ApnsSettings(), { environment }));
    expect([of('production'), of('sandbox')]).toEqual(['production', 'sandbox']);
  });
});

describe('a check of APNs', () => {
  const { signal } = CONTEXT;

  it('accepts a working key and sends nothing', async () => {
    const { server, provider } = await started();
    expect(await provider.check(signal)).toMatchObject({ outcome: 'ok', code: null });
    expect(scriptCounts(server)).toEqual({ asked: 0, received: 0 });
  });

  it('uses the connection and the provider token of the pushes', async () => {
    const { server, provider } = await started();
    await provider.send(MESSAGE, CONTEXT);
    await provider.check(signal);
    expect([server.vendor.connections, server.providerTokens.size]).toEqual([1, 1]);
  });

  it('reports a key that Apple does not know', async () => {
    const { provider } = await started({}, { key: newApnsKey().key });
    expect(await provider.check(signal)).toMatchObject({ outcome: 'failed', code: 'InvalidProviderToken' });
  });

  it('reports a provider token that Apple counts as expired', async () => {
    const { provider } = await started({ now: () => Date.now() + 2 * 3_600_000 });
    expect(await provider.check(signal)).toMatchObject({ outcome: 'failed', code: 'ExpiredProviderToken' });
  });

  it.each([
    ['BadEnvironmentKeyInToken', 403, 'failed'],
    ['TopicDisallowed', 400, 'failed'],
    ['BadPriority', 400, 'unknown'],
    ['TooManyProviderTokenUpdates', 429, 'unknown'],
    ['ServiceUnavailable', 503, 'unknown'],
  ])('interprets %s with status %i as %s', async (code, status, outcome) => {
    const { server, provider } = await started();
    server.script.answerWith(apnsError(status, code));
    expect(await provider.check(signal)).toMatchObject({ outcome, code });
  });

  it('reports a bundle id that the key may not use', async () => {
    const { provider } = await started({}, { bundleId: 'com.example.other' });
    expect(await provider.check(signal)).toMatchObject({ outcome: 'failed', code: 'TopicDisallowed' });
  });

  it('does not decide on an endpoint that accepts any token', async () => {
    const { server, provider } = await started();
    server.script.answerWith({ status: 200, headers: { 'apns-id': 'A-1' } });
    expect(await provider.check(signal)).toMatchObject({ outcome: 'unknown' });
  });
});
