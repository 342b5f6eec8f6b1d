import { describe, expect, it } from '@jest/globals';
import { HmsSettings } from '../../src/providers/hms/hms-settings.js';
import { HMS_CODES } from '../../src/providers/hms/hms-errors.js';
import { hms } from '../../src/providers/hms/hms.provider.js';
import type { PushMessage } from '../../src/providers/provider.js';
import { hmsAnswer, hmsAnswerOf, startHmsServer, type HmsServer } from '../support/hms-server.js';
import type { VendorServerOptions } from '../support/vendor-server.js';
import { CONTEXT, pushVendor, refused, scriptCounts } from './push-vendor.fixture.js';

const TOKEN = 'IQAAAACy0h-token-of-a-huawei-phone';
const MESSAGE: PushMessage = {
  address: { transport: 'hms', token: TOKEN, platform: 'hms_android' },
  payload: { data: '{"title":"Andrew Joseph"}', android: { urgency: 'HIGH', ttl: '60s', collapse_key: -1 } },
  headers: {},
};
const hmsVendor = pushVendor<HmsSettings, HmsServer, VendorServerOptions>({
  factory: hms,
  Settings: HmsSettings,
  startServer: startHmsServer,
  play: ({ script }, scenario, retryAfter) => script.answerWith(hmsAnswer(scenario, retryAfter)),
  counts: scriptCounts,
  account: ({ appId, appSecret, url, tokenUrl }) => ({
    ...{ appId, appSecret, endpoint: url, tokenEndpoint: tokenUrl },
  }),
  badCredentials: () => ({ appSecret: 'wrong-secret' }),
  message: () => MESSAGE,
  secrets: ({ appSecret }) => [TOKEN, 'Andrew Joseph', appSecret, 'wrong-secret'],
});
const { start: started } = hmsVendor;
hmsVendor.keepsContracts();

describe('the Huawei provider', () => {
  const message = refused('message_refused');
  const misconfigured = { name: 'ProviderMisconfigured' };
  const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };

  it('sends the message and the token', async () => {
    const { server, provider } = await started();
    const result = await provider.send(MESSAGE, CONTEXT);
    expect(server.script.received).toEqual([{ ...MESSAGE.payload, token: [TOKEN] }]);
    expect(result).toMatchObject({ outcome: 'accepted', vendorMessageId: 'request-1' });
  });

  it('requests one access token for concurrent sends', async () => {
    const { server, provider } = await started();
    await Promise.all(Array.from({ length: 50 }, () => provider.send(MESSAGE, CONTEXT)));
    expect(server.tokenRequests()).toBe(1);
  });

  it.each([['80200001'], ['80200003']])(
    'renews an access token that was accepted before: %s',
    async (code) => {
      const { server, provider, outcome } = await started();
      await provider.send(MESSAGE, CONTEXT);
      server.script.answerWith(hmsAnswerOf(code), 1);
      expect(await outcome()).toMatchObject({ ...unavailable, vendorCode: code });
      expect(await outcome()).toMatchObject({ outcome: 'accepted' });
      expect(server.tokenRequests()).toBe(2);
    },
  );

  it('loses no push when access tokens are revoked', async () => {
    const { server, provider, outcome } = await started();
    await provider.send(MESSAGE, CONTEXT);
    server.issued.clear();
    expect(await outcome()).toMatchObject({ ...unavailable, vendorCode: '80200001' });
    expect(await outcome()).toMatchObject({ outcome: 'accepted' });
  });

  const TOKEN_FAULTS = [
    ['a fault', { status: 503 }, { ...unavailable, vendorCode: 'token_503' }],
    ['too many requests', { status: 429 }, { ...unavailable, vendorCode: 'token_429' }],
    ['nonsense', { status: 200, body: '<html>' }, { ...unavailable, vendorCode: 'token_invalid_answer' }],
    ['a refusal', { status: 400, body: '{"error":1101}' }, { ...misconfigured, vendorCode: 'token_1101' }],
    ['a dropped connection', 'reset', unavailable],
  ] as const;
  it.each(TOKEN_FAULTS)('maps the answer to a token request: %s', async (_what, answer, expected) => {
    const { server, outcome } = await started();
    server.answerTokensWith(answer);
    expect(await outcome()).toMatchObject(expected);
    expect(server.script.asked).toBe(0);
    server.answerTokensWith(undefined);
    expect(await outcome()).toMatchObject({ outcome: 'accepted' });
  });

  const ROWS: Readonly<Record<string, object>> = {
    80300007: refused('token_invalid', true),
    80100000: refused('token_invalid'),
    80100001: message,
    80100002: message,
    80100003: message,
    80100004: message,
    80100013: message,
    80100016: message,
    80100017: message,
    80100018: message,
    80300008: refused('message_too_large'),
    80300010: message,
    80200001: misconfigured,
    80200003: misconfigured,
    80300002: misconfigured,
    80300011: misconfigured,
    80000001: unavailable,
    80600003: unavailable,
    81000001: unavailable,
  };

  it('lists the outcome of every error code', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(HMS_CODES));
  });

  it.each(Object.entries(ROWS))(
    'maps error code %s, with status 200 and an error status',
    async (code, expected) => {
      for (const status of [200, 400]) {
        const { server, outcome } = await started();
        server.script.answerWith(hmsAnswerOf(code, status));
        expect(await outcome()).toMatchObject({ ...expected, vendorCode: code });
      }
    },
  );

  const BARE = [
    [302, misconfigured],
    [400, message],
    [401, misconfigured],
    [404, misconfigured],
    [408, unavailable],
    [413, refused('message_too_large')],
    [429, { name: 'ProviderOverQuota', retryAfterMs: 10_000 }],
    [500, unavailable],
    [502, unavailable],
    [503, { name: 'ProviderOverQuota', retryAfterMs: 10_000 }],
    [504, { name: 'ProviderUnavailable', mayHaveBeenSent: true }],
  ] as const;
  it.each(BARE)('maps HTTP status %i without a known error code', async (status, expected) => {
    const { server, outcome } = await started();
    server.script.answerWith({ status, body: '<!DOCTYPE html><title>Error</title>' });
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: String(status) });
  });

  it('reports an unknown error code as refused', async () => {
    const { server, outcome } = await started();
    server.script.answerWith(hmsAnswerOf('80999999'));
    expect(await outcome()).toMatchObject({ ...message, vendorCode: '80999999' });
  });

  it('reports a message that Push Kit rejects as refused', async () => {
    const { server, outcome } = await started();
    const send = (payload: PushMessage['payload']): Promise<unknown> => outcome({ ...MESSAGE, payload });
    expect(await send({ colour: 'red' })).toMatchObject(message);
    expect(await send({ data: {} })).toMatchObject(message);
    expect(await send({ data: '{}', android: { ttl: 'soon' } })).toMatchObject({ vendorCode: '80100004' });
    expect(await send({ data: '{}', android: { collapse_key: 500 } })).toMatchObject({
      vendorCode: '80100013',
    });
    expect(await send({ data: '{}', android: { notification: { title: 'T' } } })).toMatchObject(message);
    expect(await send({ data: 'x'.repeat(4_096) })).toMatchObject(refused('message_too_large'));
    expect(server.script.received).toHaveLength(0);
  });
});

describe('a check of Push Kit', () => {
  const { signal } = CONTEXT;

  it('accepts working credentials and sends nothing', async () => {
    const { server, provider } = await started();
    expect(await provider.check(signal)).toMatchObject({ outcome: 'ok', code: null });
    expect(scriptCounts(server)).toEqual({ asked: 0, received: 0 });
  });

  it('reports an app secret that Huawei refuses', async () => {
    const { provider } = await started({}, { appSecret: 'wrong-secret' });
    expect(await provider.check(signal)).toMatchObject({ outcome: 'failed', code: 'token_1101' });
  });

  it('replaces a revoked access token', async () => {
    const { server, provider } = await started();
    await provider.send(MESSAGE, CONTEXT);
    server.issued.clear();
    expect(await provider.check(signal)).toMatchObject({ outcome: 'ok' });
    expect(server.tokenRequests()).toBe(2);
  });

  it.each<[string, number, string, string | null]>([
    ['80300007', 200, 'ok', null],
    ['80100000', 200, 'unknown', '80100000'],
    ['80100003', 400, 'unknown', '80100003'],
    ['80200001', 401, 'failed', '80200001'],
    ['80300002', 200, 'failed', '80300002'],
    ['81000001', 500, 'unknown', '81000001'],
  ])('interprets %s with status %i as %s', async (answered, status, outcome, code) => {
    const { server, provider } = await started();
    server.script.answerWith(hmsAnswerOf(answered, status));
    expect(await provider.check(signal)).toMatchObject({ outcome, code });
  });

  it('does not decide while Huawei refuses more requests', async () => {
    const { server, provider } = await started();
    server.script.answerWith(hmsAnswer('over_quota'));
    expect(await provider.check(signal)).toMatchObject({ outcome: 'unknown', code: '503' });
  });

  it('does not decide while the token endpoint is unavailable', async () => {
    const { server, provider } = await started();
    server.answerTokensWith({ status: 503 });
    expect(await provider.check(signal)).toMatchObject({ outcome: 'unknown', code: 'token_503' });
  });
});
