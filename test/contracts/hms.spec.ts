import { describe, expect, it } from '@jest/globals';
import { HmsSettings } from '../../src/providers/hms/hms-settings.js';
import { HMS_CODES } from '../../src/providers/hms/hms-errors.js';
import { hms } from '../../src/providers/hms/hms.provider.js';
import type { PushMessage, PushProvider, SendContext } from '../../src/providers/provider.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { hmsAnswer, hmsAnswerOf, startHmsServer, type HmsServer } from '../support/hms-server.js';
import { networkContract, providerContract, type Rig, type RigOptions } from './provider.contract.js';

const TOKEN = 'IQAAAACy0h-token-of-a-huawei-phone';
const MESSAGE: PushMessage = {
  address: { transport: 'hms', token: TOKEN, platform: 'hms_android' },
  payload: { data: '{"title":"Andrew Joseph"}', android: { urgency: 'HIGH', ttl: '60s', collapse_key: -1 } },
  headers: {},
};
const CONTEXT: SendContext = {
  deliveryId: '01234567-89ab-7def-8123-456789abcdef',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'chat',
  signal: new AbortController().signal,
};

function provide(server: HmsServer, over: Partial<HmsSettings> = {}): PushProvider {
  const settings = Object.assign(new HmsSettings(), {
    id: 'default',
    type: 'hms',
    appId: server.appId,
    appSecret: server.appSecret,
    endpoint: server.url,
    tokenEndpoint: server.tokenUrl,
    ...(server.ca === undefined ? {} : { ca: server.ca }),
  });
  return hms.create(Object.assign(settings, over));
}

const rig = async ({ timeoutMs, latencyMs, badCredentials, untrusted }: RigOptions = {}): Promise<
  Rig<PushMessage>
> => {
  const server = await startHmsServer(latencyMs === undefined ? {} : { latencyMs });
  const seen = untrusted ? { ...server, ca: undefined } : server;
  const provider = provide(seen, {
    ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
    ...(badCredentials ? { appSecret: 'wrong-secret' } : {}),
  });
  return {
    provider,
    arrange: (scenario, told) => {
      server.script.answerWith(hmsAnswer(scenario, told));
      return MESSAGE;
    },
    taken: () => server.script.received.length,
    secrets: [TOKEN, 'Andrew Joseph', server.appSecret, 'wrong-secret'],
    network: {
      asked: () => server.script.asked,
      connections: () => server.vendor.connections,
      stopVendor: () => server.close(),
    },
    stop: async () => {
      await provider.close();
      await server.close();
    },
  };
};

providerContract('hms', rig);
networkContract('hms', rig);

describe('the Huawei provider', () => {
  const closeLater = closeAfterEach();
  const started = async (): Promise<{ server: HmsServer; provider: PushProvider }> => {
    const server = await startHmsServer();
    const provider = provide(server);
    closeLater(server, provider);
    return { server, provider };
  };
  const outcome = (provider: PushProvider, message = MESSAGE): Promise<unknown> =>
    provider.send(message, CONTEXT).catch((error: unknown) => error);

  const refused = (reason: string, addressIsDead = false): object => ({
    outcome: 'refused',
    reason,
    addressIsDead,
  });
  const message = refused('message_refused');
  const misconfigured = { name: 'ProviderMisconfigured' };
  const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };

  it('sends the message and the token', async () => {
    const { server, provider } = await started();
    const result = await provider.send(MESSAGE, CONTEXT);
    expect(server.script.received).toEqual([{ ...MESSAGE.payload, token: [TOKEN] }]);
    expect(result).toEqual({ outcome: 'accepted', vendorMessageId: 'request-1' });
  });

  it('requests one access token for concurrent sends', async () => {
    const { server, provider } = await started();
    await Promise.all(Array.from({ length: 50 }, () => provider.send(MESSAGE, CONTEXT)));
    expect(server.tokenRequests()).toBe(1);
  });

  it.each([['80200001'], ['80200003']])(
    'renews an access token that was accepted before: %s',
    async (code) => {
      const { server, provider } = await started();
      await provider.send(MESSAGE, CONTEXT);
      server.script.answerWith(hmsAnswerOf(code), 1);
      expect(await outcome(provider)).toMatchObject({ ...unavailable, vendorCode: code });
      expect(await outcome(provider)).toMatchObject({ outcome: 'accepted' });
      expect(server.tokenRequests()).toBe(2);
    },
  );

  it('loses no push when access tokens are revoked', async () => {
    const { server, provider } = await started();
    await provider.send(MESSAGE, CONTEXT);
    server.issued.clear();
    expect(await outcome(provider)).toMatchObject({ ...unavailable, vendorCode: '80200001' });
    expect(await outcome(provider)).toMatchObject({ outcome: 'accepted' });
  });

  const TOKEN_FAULTS = [
    ['a fault', { status: 503 }, { ...unavailable, vendorCode: 'token_503' }],
    ['too many requests', { status: 429 }, { ...unavailable, vendorCode: 'token_429' }],
    ['nonsense', { status: 200, body: '<html>' }, { ...unavailable, vendorCode: 'token_invalid_answer' }],
    ['a refusal', { status: 400, body: '{"error":1101}' }, { ...misconfigured, vendorCode: 'token_1101' }],
    ['a dropped connection', 'reset', unavailable],
  ] as const;
  it.each(TOKEN_FAULTS)('maps the answer to a token request: %s', async (_what, answer, expected) => {
    const { server, provider } = await started();
    server.answerTokensWith(answer);
    expect(await outcome(provider)).toMatchObject(expected);
    expect(server.script.asked).toBe(0);
    server.answerTokensWith(undefined);
    expect(await outcome(provider)).toMatchObject({ outcome: 'accepted' });
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
        const { server, provider } = await started();
        server.script.answerWith(hmsAnswerOf(code, status));
        expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: code });
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
    const { server, provider } = await started();
    server.script.answerWith({ status, body: '<!DOCTYPE html><title>Error</title>' });
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
  });

  it('reports an unknown error code as refused', async () => {
    const { server, provider } = await started();
    server.script.answerWith(hmsAnswerOf('80999999'));
    expect(await outcome(provider)).toMatchObject({ ...message, vendorCode: '80999999' });
  });

  it('reports what the rules of Push Kit refuse', async () => {
    const { server, provider } = await started();
    const send = (payload: PushMessage['payload']): Promise<unknown> =>
      outcome(provider, { ...MESSAGE, payload });
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
