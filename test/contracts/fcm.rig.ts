import { afterEach } from '@jest/globals';
import { FcmSettings } from '../../src/providers/fcm/fcm-settings.js';
import { fcm } from '../../src/providers/fcm/fcm.provider.js';
import type { PushMessage, PushProvider, SendContext } from '../../src/providers/provider.js';
import { fcmAnswer, startFcmServer, type FcmServer, type FcmServerOptions } from '../support/fcm-server.js';
import { GoogleTokenEndpoint } from '../support/google-token-endpoint.js';
import type { Rig, RigOptions } from './provider.contract.js';

export const TOKEN = 'dK3fTokenOfAPhone:APA91bE9aQ';
export const MESSAGE: PushMessage = {
  address: { transport: 'fcm', token: TOKEN, platform: 'fcm_android' },
  payload: {
    data: { title: 'Andrew Joseph', sentAt: '1700000000' },
    android: { priority: 'HIGH', ttl: '3.5s' },
  },
  headers: {},
};
export const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'chat',
  signal: new AbortController().signal,
};

export function provide(server: FcmServer, over: Partial<FcmSettings> = {}): PushProvider {
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

export const rig =
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
        server.answerWith(fcmAnswer(scenario, told));
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

const open: { close(): Promise<void> }[] = [];
export const closeAfterwards = (...each: { close(): Promise<void> }[]): number => open.push(...each);
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** Closed again after the test. */
export async function started(
  options: FcmServerOptions = {},
  over: Partial<FcmSettings> = {},
): Promise<{ server: FcmServer; provider: PushProvider }> {
  const server = await startFcmServer(options);
  const provider = provide(server, over);
  closeAfterwards(server, provider);
  return { server, provider };
}

export const outcome = (provider: PushProvider, message = MESSAGE): Promise<unknown> =>
  provider.send(message, CONTEXT).catch((error: unknown) => error);

export const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
export const misconfigured = { name: 'ProviderMisconfigured' };
