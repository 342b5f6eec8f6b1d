import { afterEach, describe, expect, it } from '@jest/globals';
import { FcmSettings } from '../../src/platform/config/provider-settings.js';
import { fcm } from '../../src/providers/fcm/fcm.provider.js';
import { FCM_CODES } from '../../src/providers/fcm/fcm-errors.js';
import type { PushMessage, PushProvider, SendContext } from '../../src/providers/provider.js';
import {
  fcmError,
  startFcmServer,
  type FcmAnswer,
  type FcmServer,
  type FcmServerOptions,
} from '../support/fcm-server.js';
import { denied, GoogleTokenEndpoint } from '../support/google-token-endpoint.js';
import {
  networkContract,
  providerContract,
  type Rig,
  type RigOptions,
  type Scenario,
} from './provider.contract.js';

const TOKEN = 'dK3fTokenOfAPhone:APA91bE9aQ';
const MESSAGE: PushMessage = {
  address: { transport: 'fcm', token: TOKEN, platform: 'fcm_android' },
  payload: {
    data: { title: 'Andrew Joseph', sentAt: '1700000000' },
    android: { priority: 'HIGH', ttl: '3.5s' },
  },
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'chat',
  signal: new AbortController().signal,
};

function provide(server: FcmServer, over: Partial<FcmSettings> = {}): PushProvider {
  const settings = Object.assign(new FcmSettings(), {
    id: 'default',
    type: 'fcm',
    serviceAccount: server.serviceAccount,
    endpoint: server.url,
    tokenEndpoint: server.tokenUrl,
    ...(server.ca === undefined ? {} : { ca: server.ca }),
  });
  return fcm.create(Object.assign(settings, over));
}

function answerFor(scenario: Scenario, told?: string): FcmAnswer {
  const headers = told === undefined ? {} : { 'retry-after': told };
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return fcmError(404, 'UNREGISTERED');
    case 'refuse_message':
      return fcmError(400, 'INVALID_ARGUMENT', { field: 'message.data[0].value' });
    case 'fault':
    case 'fault_told':
      return fcmError(503, 'UNAVAILABLE', { headers });
    case 'over_quota':
    case 'over_quota_told':
      return fcmError(429, 'QUOTA_EXCEEDED', { headers });
    case 'garbage':
      return { status: 200, body: '{"name":' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

const rig =
  (serverOptions: FcmServerOptions) =>
  async ({ timeoutMs, latencyMs, badCredentials, untrusted }: RigOptions = {}): Promise<Rig<PushMessage>> => {
    const server = await startFcmServer({
      ...serverOptions,
      ...(latencyMs === undefined ? {} : { latencyMs }),
    });
    const seen = untrusted ? { ...server, ca: undefined } : server;
    const provider = provide(seen, {
      ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
      // Another account's key: the token endpoint refuses its signature.
      ...(badCredentials
        ? { serviceAccount: new GoogleTokenEndpoint(server.projectId, 60, 'other').serviceAccount }
        : {}),
    });
    return {
      provider,
      arrange: (scenario, told) => {
        server.answerWith(answerFor(scenario, told));
        return MESSAGE;
      },
      taken: () => server.received.length,
      secrets: [TOKEN, 'Andrew Joseph', 'PRIVATE KEY'],
      network: {
        asked: server.asked,
        connections: () => server.vendor.connections,
        stopVendor: () => server.close(),
      },
      stop: async () => {
        await provider.close();
        await server.close();
      },
    };
  };

providerContract('fcm over HTTP/2', rig({ maxConcurrentStreams: 100 }));
networkContract('fcm over HTTP/2', rig({ maxConcurrentStreams: 100 }));
providerContract('fcm over HTTP/1.1', rig({ http2: false }));
networkContract('fcm over HTTP/1.1', rig({ http2: false }));

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function started(
  options: FcmServerOptions = {},
  over: Partial<FcmSettings> = {},
): Promise<{ server: FcmServer; provider: PushProvider }> {
  const server = await startFcmServer(options);
  const provider = provide(server, over);
  open.push(server, provider);
  return { server, provider };
}

const outcome = (provider: PushProvider, message = MESSAGE): Promise<unknown> =>
  provider.send(message, CONTEXT).catch((error: unknown) => error);

const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
const misconfigured = { name: 'ProviderMisconfigured' };

describe('FCM', () => {
  it('is given the payload and the token', async () => {
    const { server, provider } = await started();
    const result = await provider.send(MESSAGE, CONTEXT);
    expect(server.received).toEqual([{ ...MESSAGE.payload, token: TOKEN }]);
    expect(result).toEqual({ outcome: 'accepted', vendorMessageId: 'projects/test-project/messages/0:1' });
  });

  it('is asked for the project of the settings, where they name one', async () => {
    const { server, provider } = await started(
      { projectId: 'other-project' },
      { projectId: 'other-project' },
    );
    await provider.send(MESSAGE, CONTEXT);
    expect(server.received).toHaveLength(1);
  });

  it('carries a burst over few connections', async () => {
    const { server, provider } = await started({ maxConcurrentStreams: 100, latencyMs: 20 });
    await Promise.all(Array.from({ length: 500 }, () => provider.send(MESSAGE, CONTEXT)));
    expect(server.received).toHaveLength(500);
    // Ten for FCM, and one on which the token was fetched.
    expect(server.vendor.connections).toBeLessThanOrEqual(11);
  });

  it('loses no push to a GOAWAY', async () => {
    const { server, provider } = await started({ latencyMs: 20 });
    await provider.send(MESSAGE, CONTEXT);
    const before = Array.from({ length: 50 }, () => provider.send(MESSAGE, CONTEXT));
    await new Promise((resolve) => setTimeout(resolve, 5));
    server.vendor.goaway();
    const after = Array.from({ length: 50 }, () => provider.send(MESSAGE, CONTEXT));
    await Promise.all([...before, ...after]);
    expect(server.received).toHaveLength(101);
  });

  const refused = (reason: string, addressIsDead: boolean): object => ({
    outcome: 'refused',
    reason,
    addressIsDead,
  });
  const ROWS: Readonly<Record<string, readonly [number, object]>> = {
    UNREGISTERED: [404, refused('token_unregistered', true)],
    SENDER_ID_MISMATCH: [403, refused('token_invalid', true)],
    INVALID_ARGUMENT: [400, refused('message_refused', false)],
    QUOTA_EXCEEDED: [429, { name: 'ProviderOverQuota', retryAfterMs: 60_000 }],
    RESOURCE_EXHAUSTED: [429, { name: 'ProviderOverQuota', retryAfterMs: 60_000 }],
    THIRD_PARTY_AUTH_ERROR: [401, misconfigured],
    UNAVAILABLE: [503, { ...unavailable, retryAfterMs: 1_000 }],
    INTERNAL: [500, { ...unavailable, retryAfterMs: 1_000 }],
    DEADLINE_EXCEEDED: [504, { name: 'ProviderUnavailable', mayHaveBeenSent: true }],
    UNAUTHENTICATED: [401, misconfigured],
    PERMISSION_DENIED: [403, misconfigured],
    NOT_FOUND: [404, misconfigured],
  };

  it('has a test for every row of its table', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(FCM_CODES));
  });

  it.each(Object.entries(ROWS))(
    '%s, as its own code and as the general one',
    async (code, [status, expected]) => {
      const { server, provider } = await started();
      server.answerWith(fcmError(status, code));
      expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: code });
      server.answerWith(fcmError(status, undefined, { status: code }));
      // UNAUTHENTICATED of a token that FCM had taken is another matter: see below.
      expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: code });
    },
  );

  const ARGUMENTS = [
    ['a field violation on the token', { field: 'message.token' }, refused('token_invalid', true)],
    [
      'the sentence about the token, without a violation',
      { message: 'The registration token is not a valid FCM registration token' },
      refused('token_invalid', true),
    ],
    [
      'a violation on a field of the message, whatever its sentence says',
      { field: 'message.data', message: 'The registration token is not a valid FCM registration token' },
      refused('message_refused', false),
    ],
    ['a missing recipient', { field: 'message' }, refused('message_refused', false)],
    [
      'a message that is too big',
      { message: 'Android message is too big' },
      refused('message_too_large', false),
    ],
    ['nothing more', {}, refused('message_refused', false)],
  ] as const;
  it.each(ARGUMENTS)('INVALID_ARGUMENT with %s', async (_what, more, expected) => {
    const { server, provider } = await started();
    server.answerWith(fcmError(400, 'INVALID_ARGUMENT', more));
    expect(await outcome(provider)).toMatchObject(expected);
  });

  it('refuses by itself what no rule of FCM allows', async () => {
    const { server, provider } = await started();
    const send = (payload: PushMessage['payload']): Promise<unknown> =>
      outcome(provider, { ...MESSAGE, payload });
    const message = refused('message_refused', false);
    expect(await send({ data: { count: 1 } })).toMatchObject(message);
    expect(await send({ android: { priority: 'urgent' } })).toMatchObject(message);
    expect(await send({ android: { ttl: '1h' } })).toMatchObject(message);
    expect(await send({ data: { 'google.id': 'x' } })).toMatchObject(message);
    expect(await send({ colour: 'red' })).toMatchObject(message);
    expect(await send({ data: { body: 'x'.repeat(4_100) } })).toMatchObject(
      refused('message_too_large', false),
    );
    expect(server.received).toHaveLength(0);
  });

  const BARE = [
    [302, misconfigured],
    [400, refused('message_refused', false)],
    [403, misconfigured],
    [404, misconfigured],
    [408, { ...unavailable, retryAfterMs: 1_000 }],
    [413, refused('message_too_large', false)],
    [429, { name: 'ProviderOverQuota', retryAfterMs: 60_000 }],
    [500, { ...unavailable, retryAfterMs: 1_000 }],
    [502, { ...unavailable, retryAfterMs: 1_000 }],
    [503, { ...unavailable, retryAfterMs: 1_000 }],
    [504, { name: 'ProviderUnavailable', mayHaveBeenSent: true }],
  ] as const;
  it.each(BARE)('status %i without a code that is known', async (status, expected) => {
    const { server, provider } = await started();
    server.answerWith({ status, body: '<!DOCTYPE html><title>Error</title>' });
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
    server.answerWith(fcmError(status, 'NEWER_THAN_THIS'));
    expect(await outcome(provider)).toMatchObject({ vendorCode: 'NEWER_THAN_THIS' });
  });
});

describe('The access token of FCM', () => {
  it('is fetched once, however many wait', async () => {
    const { server, provider } = await started();
    await Promise.all(Array.from({ length: 50 }, () => provider.send(MESSAGE, CONTEXT)));
    await provider.send(MESSAGE, CONTEXT);
    expect(server.tokens.requests).toBe(1);
  });

  it('is fetched over plain HTTP and HTTP/1.1 as well', async () => {
    for (const options of [{ tls: false }, { http2: false }]) {
      const { server, provider } = await started(options);
      await provider.send(MESSAGE, CONTEXT);
      expect(server.received).toHaveLength(1);
    }
  });

  it('is fetched at /token where the setting names an origin only', async () => {
    const server = await startFcmServer();
    const provider = provide(server, { tokenEndpoint: server.url });
    open.push(server, provider);
    await provider.send(MESSAGE, CONTEXT);
    expect(server.tokens.requests).toBe(1);
  });

  it('is renewed when it is about to end, while it still serves', async () => {
    // Serves for 200 s: within the five minutes before its end from the start.
    const { server, provider } = await started({ tokenSeconds: 200 });
    await provider.send(MESSAGE, CONTEXT);
    await provider.send(MESSAGE, CONTEXT);
    while (server.tokens.requests < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(server.received).toHaveLength(2);
    expect(new Set(server.tokens.issued).size).toBe(2);
  });

  it('is fetched anew after FCM has refused one that had served', async () => {
    const { server, provider } = await started();
    await provider.send(MESSAGE, CONTEXT);
    server.tokens.revoke();
    expect(await outcome(provider)).toMatchObject({ ...unavailable, vendorCode: 'UNAUTHENTICATED' });
    expect(await outcome(provider)).toMatchObject({ outcome: 'accepted' });
    expect(server.tokens.requests).toBe(2);
  });

  it('means wrong settings where FCM refuses it fresh, and is not fetched for every send', async () => {
    const { server, provider } = await started();
    server.answerWith(fcmError(401, undefined));
    expect(await outcome(provider)).toMatchObject({ ...misconfigured, vendorCode: 'UNAUTHENTICATED' });
    expect(await outcome(provider)).toMatchObject({ ...misconfigured, vendorCode: 'UNAUTHENTICATED' });
    expect(server.tokens.requests).toBe(1);
  });

  const REFUSALS = [
    [denied('invalid_grant'), { ...misconfigured, vendorCode: 'invalid_grant' }],
    [denied('unauthorized_client', 401), { ...misconfigured, vendorCode: 'unauthorized_client' }],
    [
      { status: 403, body: '<html>' },
      { ...misconfigured, vendorCode: 'token_403' },
    ],
    [
      { status: 429, body: '' },
      { ...unavailable, vendorCode: 'token_429' },
    ],
    [denied('internal_failure', 500), { ...unavailable, vendorCode: 'internal_failure' }],
    [
      { status: 503, body: '' },
      { ...unavailable, vendorCode: 'token_503' },
    ],
    [
      { status: 200, body: '{}' },
      { ...unavailable, vendorCode: 'token_invalid_answer' },
    ],
    ['reset', unavailable],
  ] as const;
  it.each(REFUSALS)('cannot be had: %j', async (answer, expected) => {
    const { server, provider } = await started();
    server.tokens.answer = answer;
    expect(await outcome(provider)).toMatchObject(expected);
    expect(server.tokens.requests).toBe(1);
    expect(server.asked()).toBe(0);
    server.tokens.answer = undefined;
    expect(await outcome(provider)).toMatchObject({ outcome: 'accepted' });
  });

  it('is not waited for without end', async () => {
    const { server, provider } = await started({}, { requestTimeoutMs: 300 });
    server.tokens.answer = 'hang';
    expect(await outcome(provider)).toMatchObject(unavailable);
    server.tokens.answer = undefined;
    expect(await outcome(provider)).toMatchObject({ outcome: 'accepted' });
  });

  it('is not waited for by a send that was aborted', async () => {
    const { server, provider } = await started({}, { requestTimeoutMs: 500 });
    server.tokens.answer = 'hang';
    const stop = new AbortController();
    const sending = provider.send(MESSAGE, { ...CONTEXT, signal: stop.signal });
    setImmediate(() => stop.abort());
    await expect(sending).rejects.toMatchObject({ name: 'SendAborted' });
  });

  it('is its own for each provider of one service account', async () => {
    const { server, provider } = await started();
    const other = provide(server);
    open.push(other);
    await provider.send(MESSAGE, CONTEXT);
    await other.send(MESSAGE, CONTEXT);
    expect(server.tokens.requests).toBe(2);
  });
});

describe('The settings of FCM', () => {
  const settings = (over: Partial<FcmSettings>): FcmSettings =>
    Object.assign(new FcmSettings(), { id: 'default', type: 'fcm' }, over);

  it.each([
    [{}, /projectId is required/],
    [{ projectId: 'p', tokenEndpoint: 'http://localhost/token' }, /tokenEndpoint needs serviceAccount/],
    [{ serviceAccount: 'no JSON' }, /serviceAccount is not a JSON object/],
    [{ serviceAccount: '{}' }, /serviceAccount has no project_id/],
    [
      { serviceAccount: JSON.stringify({ project_id: 'p', client_email: 'e', private_key: 'k' }) },
      /private_key that is no key/,
    ],
  ])('stop the start where they are wrong: %j', (over, problem) => {
    expect(() => fcm.create(settings(over))).toThrow(problem);
  });
});
