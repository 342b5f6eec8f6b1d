import { describe, expect, it } from '@jest/globals';
import { FcmSettings } from '../../src/providers/fcm/fcm-settings.js';
import { fcm } from '../../src/providers/fcm/fcm.provider.js';
import { fcmError, startFcmServer } from '../support/fcm-server.js';
import { denied } from '../support/google-token-endpoint.js';
import {
  closeAfterwards,
  CONTEXT,
  MESSAGE,
  misconfigured,
  outcome,
  provide,
  started,
  unavailable,
} from './fcm.rig.js';
import { until } from '../support/until.js';

describe('The access token of FCM', () => {
  it('is fetched once, however many wait', async () => {
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

  it('is fetched at /token where the setting names an origin only', async () => {
    const server = await startFcmServer();
    const provider = provide(server, { tokenEndpoint: server.url });
    closeAfterwards(server, provider);
    await provider.send(MESSAGE, CONTEXT);
    expect(server.tokens.requests).toBe(1);
  });

  it('is renewed when it is about to end, while it still serves', async () => {
    // Serves for 200 s: within the five minutes before its end from the start.
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
    closeAfterwards(other);
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
      /private_key that is not a key/,
    ],
  ])('stop the start where they are wrong: %j', (over, problem) => {
    expect(() => fcm.create(settings(over))).toThrow(problem);
  });
});
