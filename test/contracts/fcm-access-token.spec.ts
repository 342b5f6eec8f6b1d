import { describe, expect, it } from '@jest/globals';
import { FcmSettings } from '../../src/providers/fcm/fcm-settings.js';
import { fcm } from '../../src/providers/fcm/fcm.provider.js';
import { fcmError } from '../support/fcm-server.js';
import { denied } from '../support/google-token-endpoint.js';
import { MESSAGE, misconfigured, provide, started, unavailable } from './fcm.rig.js';
import { CONTEXT } from './push-vendor.fixture.js';
import { SHORT_TIMEOUT_MS, until } from '../support/until.js';

describe('the access token of FCM', () => {
  it('is fetched once for concurrent sends', async () => {
    const { server, provider } = await started();
    await Promise.all(Array.from({ length: 50 }, () => provider.send(MESSAGE, CONTEXT)));
    await provider.send(MESSAGE, CONTEXT);
    expect(server.tokens.requests).toBe(1);
  });

  it('is fetched over plain HTTP as well', async () => {
    const { server, provider } = await started({ tls: false });
    await provider.send(MESSAGE, CONTEXT);
    expect(server.received).toHaveLength(1);
  });

  it('is fetched at /token if the setting is an origin', async () => {
    const { server } = await started();
    const provider = provide(server, { tokenEndpoint: server.url });
    await provider.send(MESSAGE, CONTEXT);
    expect(server.tokens.requests).toBe(1);
  });

  it('is renewed in the background before it expires', async () => {
    // It is valid for 200 s: renewal starts five minutes before the expiry.
    const { server, provider } = await started({ tokenSeconds: 200 });
    await provider.send(MESSAGE, CONTEXT);
    await provider.send(MESSAGE, CONTEXT);
    await until(
      () => server.tokens.requests >= 2,
      () => server.tokens.requests,
    );
    expect(server.received).toHaveLength(2);
    expect(new Set(server.tokens.issued).size).toBe(2);
  });

  it('is renewed after FCM refuses one that has worked', async () => {
    const { server, provider, outcome } = await started();
    await provider.send(MESSAGE, CONTEXT);
    server.tokens.revoke();
    expect(await outcome()).toMatchObject({ ...unavailable, vendorCode: 'UNAUTHENTICATED' });
    expect(await outcome()).toMatchObject({ outcome: 'accepted' });
    expect(server.tokens.requests).toBe(2);
  });

  it('indicates a misconfiguration if FCM refuses it when new, and is not fetched per send', async () => {
    const { server, outcome } = await started();
    server.answerWith(fcmError(401, undefined));
    expect(await outcome()).toMatchObject({ ...misconfigured, vendorCode: 'UNAUTHENTICATED' });
    expect(await outcome()).toMatchObject({ ...misconfigured, vendorCode: 'UNAUTHENTICATED' });
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
  it.each(REFUSALS)('cannot be fetched if Google answers %j', async (answer, expected) => {
    const { server, outcome } = await started();
    server.tokens.answer = answer;
    expect(await outcome()).toMatchObject(expected);
    expect(server.tokens.requests).toBe(1);
    expect(server.asked()).toBe(0);
    server.tokens.answer = undefined;
    expect(await outcome()).toMatchObject({ outcome: 'accepted' });
  });

  it('is awaited up to requestTimeoutMs', async () => {
    const { server, outcome } = await started({}, { requestTimeoutMs: SHORT_TIMEOUT_MS });
    server.tokens.answer = 'hang';
    expect(await outcome()).toMatchObject(unavailable);
    server.tokens.answer = undefined;
    expect(await outcome()).toMatchObject({ outcome: 'accepted' });
  });

  it('is not awaited by an aborted send', async () => {
    const { server, provider } = await started({}, { requestTimeoutMs: SHORT_TIMEOUT_MS });
    server.tokens.answer = 'hang';
    const stop = new AbortController();
    const sending = provider.send(MESSAGE, { ...CONTEXT, signal: stop.signal });
    setImmediate(() => stop.abort());
    await expect(sending).rejects.toMatchObject({ name: 'SendAborted' });
  });

  it('is not shared between providers of one service account', async () => {
    const { server, provider } = await started();
    const other = provide(server);
    await provider.send(MESSAGE, CONTEXT);
    await other.send(MESSAGE, CONTEXT);
    expect(server.tokens.requests).toBe(2);
  });
});

describe('invalid settings of FCM', () => {
  const settings = (over: Partial<FcmSettings>): FcmSettings =>
    Object.assign(new FcmSettings(), { id: 'default', type: 'fcm' }, over);

  it.each([
    [{}, /projectId is required/],
    [{ projectId: 'p', tokenEndpoint: 'http://localhost/token' }, /tokenEndpoint needs serviceAccount/],
    [{ serviceAccount: 'no JSON' }, /serviceAccount is not a JSON object/],
    [{ serviceAccount: '{}' }, /serviceAccount has no project_id/],
    [
      { serviceAccount: JSON.stringify({ project_id: 'p', client_email: 'e', private_key: 'k' }) },
      /private_key that is not a key/,
    ],
  ])('prevent the start: %j', (over, problem) => {
    expect(() => fcm.create(settings(over))).toThrow(problem);
  });
});
