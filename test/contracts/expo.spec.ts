import { describe, expect, it } from '@jest/globals';
import { ExpoSettings } from '../../src/providers/expo/expo-settings.js';
import { EXPO_CODES } from '../../src/providers/expo/expo-errors.js';
import { expo } from '../../src/providers/expo/expo.provider.js';
import type { PushMessage } from '../../src/providers/provider.js';
import {
  expoAnswer,
  expoError,
  expoTicketError,
  startExpoServer,
  type ExpoServer,
} from '../support/expo-server.js';
import type { VendorServerOptions } from '../support/vendor-server.js';
import { CONTEXT, pushVendor, refused, scriptCounts } from './push-vendor.fixture.js';

const TOKEN = 'ExponentPushToken[abcdefghijklmnop]';
const MESSAGE: PushMessage = {
  address: { transport: 'expo', token: TOKEN, platform: 'expo' },
  payload: { title: 'Andrew Joseph', data: { sentAt: '1700000000' }, priority: 'high' },
  headers: {},
};
const expoVendor = pushVendor<ExpoSettings, ExpoServer, VendorServerOptions>({
  factory: expo,
  Settings: ExpoSettings,
  startServer: startExpoServer,
  play: ({ script }, scenario, retryAfter) => script.answerWith(expoAnswer(scenario, retryAfter)),
  counts: scriptCounts,
  account: ({ accessToken, url }) => ({ accessToken, endpoint: url }),
  badCredentials: () => ({ accessToken: 'wrong' }),
  message: () => MESSAGE,
  secrets: ({ accessToken }) => [TOKEN, 'ExponentPushToken', 'Andrew Joseph', accessToken],
});
const { start: started } = expoVendor;
expoVendor.keepsContracts();

describe('the Expo provider', () => {
  it('sends the message and the token', async () => {
    const { server, provider } = await started();
    const result = await provider.send(MESSAGE, CONTEXT);
    expect(server.script.received).toEqual([{ ...MESSAGE.payload, to: TOKEN }]);
    expect(result).toMatchObject({ outcome: 'accepted', vendorMessageId: 'ticket-1' });
  });

  it('reads a list of tickets as well', async () => {
    const { server, outcome } = await started();
    const body = JSON.stringify({ data: [{ status: 'ok', id: 'XXXX' }] });
    server.script.answerWith({ status: 200, body });
    expect(await outcome()).toMatchObject({ outcome: 'accepted', vendorMessageId: 'XXXX' });
  });

  const misconfigured = { name: 'ProviderMisconfigured' };
  const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false, retryAfterMs: 1_000 };
  const ROWS: Readonly<Record<string, readonly [number, object]>> = {
    DeviceNotRegistered: [200, refused('token_unregistered', true)],
    MessageTooBig: [200, refused('message_too_large')],
    MessageRateExceeded: [200, { name: 'ProviderOverQuota', retryAfterMs: 30_000, addressOnly: true }],
    MismatchSenderId: [200, misconfigured],
    InvalidCredentials: [200, misconfigured],
    DeveloperError: [200, refused('message_refused')],
    ExpoError: [200, unavailable],
    ProviderError: [200, unavailable],
    TOO_MANY_REQUESTS: [429, { name: 'ProviderOverQuota', retryAfterMs: 1_000, addressOnly: false }],
    PUSH_TOO_MANY_NOTIFICATIONS: [400, refused('message_refused')],
    PUSH_TOO_MANY_EXPERIENCE_IDS: [400, refused('message_refused')],
    VALIDATION_ERROR: [400, refused('message_refused')],
    API_ERROR: [500, unavailable],
    INTERNAL_SERVER_ERROR: [500, unavailable],
    UNAUTHORIZED: [401, misconfigured],
  };

  it('lists the outcome of every error code', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(EXPO_CODES));
  });

  it.each(Object.entries(ROWS))('maps error code %s', async (code, [status, expected]) => {
    const { server, outcome } = await started();
    server.script.answerWith(status === 200 ? expoTicketError(code) : expoError(status, code));
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: code });
  });

  it('reports an unknown error code as refused', async () => {
    const { server, outcome } = await started();
    server.script.answerWith(expoTicketError('NewerThanThis'));
    expect(await outcome()).toMatchObject({
      ...refused('message_refused'),
      vendorCode: 'NewerThanThis',
    });
    const ticket = { status: 'error', message: `"${TOKEN}" is no good` };
    server.script.answerWith({ status: 200, body: JSON.stringify({ data: ticket }) });
    expect(await outcome()).toMatchObject({ ...refused('message_refused'), vendorCode: '200' });
  });

  const BARE = [
    [302, misconfigured],
    [400, refused('message_refused')],
    [401, misconfigured],
    [403, misconfigured],
    [404, misconfigured],
    [408, unavailable],
    [413, refused('message_too_large')],
    [429, { name: 'ProviderOverQuota' }],
    [500, unavailable],
    [503, unavailable],
    [504, { name: 'ProviderUnavailable', mayHaveBeenSent: true }],
  ] as const;
  it.each(BARE)('maps HTTP status %i without a known error code', async (status, expected) => {
    const { server, outcome } = await started();
    server.script.answerWith({ status, body: '<!DOCTYPE html><title>Error</title>' });
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: String(status) });
    server.script.answerWith(expoError(status, 'NEWER_THAN_THIS'));
    expect(await outcome()).toMatchObject({ ...expected, vendorCode: 'NEWER_THAN_THIS' });
  });

  it('reports a message that Expo rejects as refused', async () => {
    const { server, outcome } = await started();
    const send = (payload: PushMessage['payload']): Promise<unknown> => outcome({ ...MESSAGE, payload });
    expect(await send({ colour: 'red' })).toMatchObject(refused('message_refused'));
    expect(await send({ data: 'text' })).toMatchObject(refused('message_refused'));
    expect(await send({ priority: 'urgent' })).toMatchObject(refused('message_refused'));
    expect(await send({ body: 'x'.repeat(4_096) })).toMatchObject(refused('message_too_large'));
    const address = { ...MESSAGE.address, token: 'token-of-fcm' };
    expect(await outcome({ ...MESSAGE, address })).toMatchObject(refused('token_unregistered', true));
    expect(server.script.received).toHaveLength(0);
  });
});

describe('a check of Expo', () => {
  const { signal } = CONTEXT;

  it('accepts a working access token and sends nothing', async () => {
    const { server, provider } = await started();
    expect(await provider.check(signal)).toMatchObject({ outcome: 'ok', code: null });
    expect(scriptCounts(server)).toEqual({ asked: 0, received: 0 });
  });

  it.each(['wrong', undefined])('reports an access token that Expo refuses: %s', async (accessToken) => {
    const server = await startExpoServer();
    const provider = expo.create(
      Object.assign(new ExpoSettings(), {
        ...{ id: 'default', type: 'expo', endpoint: server.url, ca: server.ca },
        ...(accessToken === undefined ? {} : { accessToken }),
      }),
    );
    expoVendor.closeLater(server, provider);
    expect(await provider.check(signal)).toMatchObject({ outcome: 'failed', code: 'UNAUTHORIZED' });
  });

  it.each([
    ['UNAUTHORIZED', 403, 'failed'],
    ['VALIDATION_ERROR', 400, 'unknown'],
    ['TOO_MANY_REQUESTS', 429, 'unknown'],
    ['INTERNAL_SERVER_ERROR', 503, 'unknown'],
  ])('interprets %s with status %i as %s', async (code, status, outcome) => {
    const { server, provider } = await started();
    server.script.answerWith(expoError(status, code));
    expect(await provider.check(signal)).toMatchObject({ outcome, code });
  });

  it('does not decide on an answer that is not from Expo', async () => {
    const { server, provider } = await started();
    server.script.answerWith({ status: 200, body: '{"data":' });
    expect(await provider.check(signal)).toMatchObject({ outcome: 'unknown', code: 'invalid_answer' });
  });
});
