import { describe, expect, it } from '@jest/globals';
import { FCM_CODES } from '../../src/providers/fcm/fcm-errors.js';
import type { PushMessage } from '../../src/providers/provider.js';
import { fcmError } from '../support/fcm-server.js';
import { denied, GoogleTokenEndpoint } from '../support/google-token-endpoint.js';
import { fcmVendor, MESSAGE, misconfigured, started, TOKEN, unavailable } from './fcm.rig.js';
import { CONTEXT, refused } from './push-vendor.fixture.js';
import { until } from '../support/until.js';

fcmVendor.keepsContracts();

describe('the FCM provider', () => {
  it('sends the payload and the token', async () => {
    const { server, provider } = await started();
    const result = await provider.send(MESSAGE, CONTEXT);
    expect(server.received).toEqual([{ ...MESSAGE.payload, token: TOKEN }]);
    expect(result).toMatchObject({
      outcome: 'accepted',
      vendorMessageId: 'projects/test-project/messages/0:1',
    });
  });

  it('uses the project of the settings if they name one', async () => {
    const { server, provider } = await started(
      { projectId: 'other-project' },
      { projectId: 'other-project' },
    );
    await provider.send(MESSAGE, CONTEXT);
    expect(server.received).toHaveLength(1);
  });

  it('sends a burst over few connections', async () => {
    const { server, provider } = await started({ maxConcurrentStreams: 100, latencyMs: 20 });
    await Promise.all(Array.from({ length: 500 }, () => provider.send(MESSAGE, CONTEXT)));
    expect(server.received).toHaveLength(500);
    // Ten for FCM, and one for the token.
    expect(server.vendor.connections).toBeLessThanOrEqual(11);
  });

  it('loses no push to a GOAWAY', async () => {
    const { server, provider } = await started({ latencyMs: 100 });
    await provider.send(MESSAGE, CONTEXT);
    const { requests } = server.vendor;
    const before = Array.from({ length: 50 }, () => provider.send(MESSAGE, CONTEXT));
    await until(
      () => server.vendor.requests === requests + 50,
      () => server.vendor.requests,
    );
    server.vendor.goaway();
    const after = Array.from({ length: 50 }, () => provider.send(MESSAGE, CONTEXT));
    await Promise.all([...before, ...after]);
    expect(server.received).toHaveLength(101);
  });

  const ROWS: Readonly<Record<string, readonly [number, object]>> = {
    UNREGISTERED: [404, refused('token_unregistered', true)],
    SENDER_ID_MISMATCH: [403, { ...refused('token_invalid', true), accountMayBeWrong: true }],
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

  it('lists the outcome of every error code', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(FCM_CODES));
  });

  it.each(Object.entries(ROWS))(
    'maps error code %s, as the FCM code and as the general one',
    async (code, [status, expected]) => {
      const { server, outcome } = await started();
      server.answerWith(fcmError(status, code));
      expect(await outcome()).toMatchObject({ ...expected, vendorCode: code });
      server.answerWith(fcmError(status, undefined, { status: code }));

      expect(await outcome()).toMatchObject({ ...expected, vendorCode: code });
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
  it.each(ARGUMENTS)('maps INVALID_ARGUMENT with %s', async (_what, more, expected) => {
    const { server, outcome } = await started();
    server.answerWith(fcmError(400, 'INVALID_ARGUMENT', more));
    expect(await outcome()).toMatchObject(expected);
  });

  const detail = (type: string, rest: object): object => ({
    '@type': `type.googleapis.com/google.rpc.${type}`,
    ...rest,
  });
  const violation = (subject: string, description = ''): object =>
    detail('QuotaFailure', { violations: [{ subject, description }] });
  const project = { addressOnly: false };
  const device = { addressOnly: true, maybeAccount: false };
  it.each<[string, object[], object]>([
    ['no details', [], { addressOnly: true, maybeAccount: true }],
    ['a QuotaFailure of the project', [violation('project:device-tracker')], project],
    ['a QuotaFailure of the device', [violation('device', 'of projects/device-tracker')], device],
    [
      'an ErrorInfo of the project',
      [
        detail('ErrorInfo', {
          reason: 'RATE_LIMIT_EXCEEDED',
          metadata: { consumer: 'projects/1234', quota_limit: 'SendsPerMinutePerProject' },
        }),
      ],
      project,
    ],
    [
      'an ErrorInfo of the device',
      [
        detail('ErrorInfo', {
          metadata: { consumer: 'projects/1234', quota_limit: 'SendsPerMinutePerDevice' },
        }),
      ],
      device,
    ],
    ['details that name nothing', [violation('', 'Quota exceeded')], { maybeAccount: true }],
    ['violations that are none', [detail('QuotaFailure', { violations: 'x' })], { maybeAccount: true }],
  ])('tells whose quota is exceeded by %s', async (_what, details, expected) => {
    const { server, outcome } = await started();
    const answer = fcmError(429, 'QUOTA_EXCEEDED');
    const { error } = JSON.parse(answer.body ?? '') as { error: { details: object[] } };
    const body = JSON.stringify({ error: { ...error, details: [...error.details, ...details] } });
    server.answerWith({ ...answer, body });
    expect(await outcome()).toMatchObject({ name: 'ProviderOverQuota', ...expected });
  });

  it('reports what the rules of FCM refuse', async () => {
    const { server, outcome } = await started();
    const send = (payload: PushMessage['payload']): Promise<unknown> => outcome({ ...MESSAGE, payload });
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
  it.each(BARE)('maps HTTP status %i without a known error code', async (status, expected) => {
    const { server, outcome } = await started();
    server.answerWith({ status, body: '<!DOCTYPE html><title>Error</title>' });
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: String(status) });
    server.answerWith(fcmError(status, 'NEWER_THAN_THIS'));
    expect(await outcome()).toMatchObject({ vendorCode: 'NEWER_THAN_THIS' });
  });
});

describe('a check of FCM', () => {
  const { signal } = CONTEXT;

  it('accepts working credentials and sends nothing', async () => {
    const { server, provider } = await started();
    expect(await provider.check(signal)).toMatchObject({ outcome: 'ok', code: null });
    expect([server.asked(), server.received.length]).toEqual([0, 0]);
  });

  it('reports a service account that Google refuses', async () => {
    const { serviceAccount } = new GoogleTokenEndpoint('test-project', 60, 'other');
    const { provider } = await started({}, { serviceAccount });
    expect(await provider.check(signal)).toMatchObject({ outcome: 'failed', code: 'invalid_grant' });
  });

  it('replaces a revoked access token', async () => {
    const { server, provider } = await started();
    await provider.send(MESSAGE, CONTEXT);
    server.tokens.revoke();
    expect(await provider.check(signal)).toMatchObject({ outcome: 'ok' });
    expect(server.tokens.requests).toBe(2);
  });

  it('reports a key that was deleted after it worked', async () => {
    const { server, provider } = await started();
    await provider.send(MESSAGE, CONTEXT);
    server.tokens.revoke();
    server.tokens.answer = denied('invalid_grant');
    expect(await provider.check(signal)).toMatchObject({ outcome: 'failed', code: 'invalid_grant' });
  });

  it('reports a project that does not exist', async () => {
    const { provider } = await started({}, { projectId: 'misspelt' });
    expect(await provider.check(signal)).toMatchObject({ outcome: 'failed', code: 'NOT_FOUND' });
  });

  it.each([
    [401, 'UNAUTHENTICATED', 'failed'],
    [403, 'PERMISSION_DENIED', 'failed'],
    [403, 'SENDER_ID_MISMATCH', 'failed'],
    [400, 'INVALID_ARGUMENT', 'unknown'],
    [429, 'QUOTA_EXCEEDED', 'unknown'],
    [503, 'UNAVAILABLE', 'unknown'],
  ])('interprets %i %s as %s', async (status, code, outcome) => {
    const { server, provider } = await started();
    server.answerWith(fcmError(status, code));
    expect(await provider.check(signal)).toMatchObject({ outcome, code });
  });

  it('does not decide on an answer that is not from FCM', async () => {
    const { server, provider } = await started();
    server.answerWith({ status: 200, body: '<html>Welcome to the hotel Wi-Fi</html>' });
    expect(await provider.check(signal)).toMatchObject({ outcome: 'unknown', code: 'invalid_answer' });
  });

  it('ends with its signal', async () => {
    const { provider } = await started();
    await expect(provider.check(AbortSignal.abort())).rejects.toMatchObject({ name: 'SendAborted' });
  });
});
