import { describe, expect, it } from '@jest/globals';
import { ExpoSettings } from '../../src/providers/expo/expo-settings.js';
import { EXPO_CODES } from '../../src/providers/expo/expo-errors.js';
import { expo } from '../../src/providers/expo/expo.provider.js';
import type { PushMessage, PushProvider, SendContext } from '../../src/providers/provider.js';
import {
  expoAnswer,
  expoError,
  expoTicketError,
  startExpoServer,
  type ExpoServer,
} from '../support/expo-server.js';
import { networkContract, providerContract, type Rig, type RigOptions } from './provider.contract.js';
import { closeAfterEach } from '../support/close-after-each.js';

const TOKEN = 'ExponentPushToken[abcdefghijklmnop]';
const MESSAGE: PushMessage = {
  address: { transport: 'expo', token: TOKEN, platform: 'expo' },
  payload: { title: 'Andrew Joseph', data: { sentAt: '1700000000' }, priority: 'high' },
  headers: {},
};
const CONTEXT: SendContext = {
  deliveryId: '01234567-89ab-7def-8123-456789abcdef',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'chat',
  signal: new AbortController().signal,
};

function provide(server: ExpoServer, over: Partial<ExpoSettings> = {}): PushProvider {
  const settings = Object.assign(new ExpoSettings(), {
    id: 'default',
    type: 'expo',
    accessToken: server.accessToken,
    endpoint: server.url,
    ...(server.ca === undefined ? {} : { ca: server.ca }),
  });
  return expo.create(Object.assign(settings, over));
}

const rig = async ({ timeoutMs, latencyMs, badCredentials, untrusted }: RigOptions = {}): Promise<
  Rig<PushMessage>
> => {
  const server = await startExpoServer(latencyMs === undefined ? {} : { latencyMs });
  const seen = untrusted ? { ...server, ca: undefined } : server;
  const provider = provide(seen, {
    ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
    ...(badCredentials ? { accessToken: 'wrong' } : {}),
  });
  return {
    provider,
    arrange: (scenario, told) => {
      server.script.answerWith(expoAnswer(scenario, told));
      return MESSAGE;
    },
    taken: () => server.script.received.length,
    secrets: [TOKEN, 'ExponentPushToken', 'Andrew Joseph', server.accessToken],
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

providerContract('expo', rig);
networkContract('expo', rig);

describe('the Expo provider', () => {
  const closeLater = closeAfterEach();
  const started = async (): Promise<{ server: ExpoServer; provider: PushProvider }> => {
    const server = await startExpoServer();
    const provider = provide(server);
    closeLater(server, provider);
    return { server, provider };
  };
  const outcome = (provider: PushProvider, message = MESSAGE): Promise<unknown> =>
    provider.send(message, CONTEXT).catch((error: unknown) => error);

  it('sends the message and the token', async () => {
    const { server, provider } = await started();
    const result = await provider.send(MESSAGE, CONTEXT);
    expect(server.script.received).toEqual([{ ...MESSAGE.payload, to: TOKEN }]);
    expect(result).toEqual({ outcome: 'accepted', vendorMessageId: 'ticket-1' });
  });

  it('reads a list of tickets as well', async () => {
    const { server, provider } = await started();
    const body = JSON.stringify({ data: [{ status: 'ok', id: 'XXXX' }] });
    server.script.answerWith({ status: 200, body });
    expect(await outcome(provider)).toEqual({ outcome: 'accepted', vendorMessageId: 'XXXX' });
  });

  const refused = (reason: string, addressIsDead = false): object => ({
    outcome: 'refused',
    reason,
    addressIsDead,
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
    const { server, provider } = await started();
    server.script.answerWith(status === 200 ? expoTicketError(code) : expoError(status, code));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: code });
  });

  it('reports an unknown error code as refused', async () => {
    const { server, provider } = await started();
    server.script.answerWith(expoTicketError('NewerThanThis'));
    expect(await outcome(provider)).toMatchObject({
      ...refused('message_refused'),
      vendorCode: 'NewerThanThis',
    });
    const ticket = { status: 'error', message: `"${TOKEN}" is no good` };
    server.script.answerWith({ status: 200, body: JSON.stringify({ data: ticket }) });
    expect(await outcome(provider)).toMatchObject({ ...refused('message_refused'), vendorCode: '200' });
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
    const { server, provider } = await started();
    server.script.answerWith({ status, body: '<!DOCTYPE html><title>Error</title>' });
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
    server.script.answerWith(expoError(status, 'NEWER_THAN_THIS'));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: 'NEWER_THAN_THIS' });
  });

  it('reports what the rules of Expo refuse', async () => {
    const { server, provider } = await started();
    const send = (payload: PushMessage['payload']): Promise<unknown> =>
      outcome(provider, { ...MESSAGE, payload });
    expect(await send({ colour: 'red' })).toMatchObject(refused('message_refused'));
    expect(await send({ data: 'text' })).toMatchObject(refused('message_refused'));
    expect(await send({ priority: 'urgent' })).toMatchObject(refused('message_refused'));
    expect(await send({ body: 'x'.repeat(4_096) })).toMatchObject(refused('message_too_large'));
    const address = { ...MESSAGE.address, token: 'token-of-fcm' };
    expect(await outcome(provider, { ...MESSAGE, address })).toMatchObject(
      refused('token_unregistered', true),
    );
    expect(server.script.received).toHaveLength(0);
  });
});
