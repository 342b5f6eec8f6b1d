import { FcmSettings } from '../../src/providers/fcm/fcm-settings.js';
import { fcm } from '../../src/providers/fcm/fcm.provider.js';
import type { PushMessage } from '../../src/providers/provider.js';
import { fcmAnswer, startFcmServer, type FcmServer, type FcmServerOptions } from '../support/fcm-server.js';
import { GoogleTokenEndpoint } from '../support/google-token-endpoint.js';
import { pushVendor } from './push-vendor.fixture.js';

export const TOKEN = 'dK3fTokenOfAPhone:APA91bE9aQ';
export const MESSAGE: PushMessage = {
  address: { transport: 'fcm', token: TOKEN, platform: 'fcm_android' },
  payload: {
    data: { title: 'Andrew Joseph', sentAt: '1700000000' },
    android: { priority: 'HIGH', ttl: '3.5s' },
  },
  headers: {},
};

export const fcmVendor = pushVendor<FcmSettings, FcmServer, FcmServerOptions>({
  factory: fcm,
  Settings: FcmSettings,
  startServer: startFcmServer,
  contractOptions: { maxConcurrentStreams: 100 },
  play: (server, scenario, retryAfter) => server.answerWith(fcmAnswer(scenario, retryAfter)),
  counts: ({ asked, received }) => ({ asked: asked(), received: received.length }),
  account: ({ serviceAccount, url, tokenUrl }) => ({
    ...{ serviceAccount, endpoint: url, tokenEndpoint: tokenUrl },
  }),
  // Another account's key: the token endpoint refuses its signature.
  badCredentials: ({ projectId }) => ({
    serviceAccount: new GoogleTokenEndpoint(projectId, 60, 'other').serviceAccount,
  }),
  message: () => MESSAGE,
  secrets: () => [TOKEN, 'Andrew Joseph', 'PRIVATE KEY'],
});
export const { start: started, provide } = fcmVendor;

export const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
export const misconfigured = { name: 'ProviderMisconfigured' };
