import { DEMO } from '../../src/platform/config/demo-config.js';
import { apnsAnswer, apnsError, newApnsKey, startApnsServer } from './apns-server.js';
import { startCometChat, type CometChatServer } from './cometchat-server.js';
import { expoAnswer, startExpoServer } from './expo-server.js';
import { fcmAnswer, startFcmServer } from './fcm-server.js';
import { hmsAnswer, startHmsServer } from './hms-server.js';
import { scripted, type RunningVendor } from './running-vendor.js';
import { SMS_VENDORS, startSmsVendors } from './sms-vendors.js';
import { startWebPushServer, webPushAnswer, type WebPushServer } from './web-push-server.js';

export const PUSH_VENDORS = ['fcm', 'apns', 'apns-sandbox', 'webpush', 'expo', 'hms'] as const;
export const VENDORS = [...PUSH_VENDORS, ...SMS_VENDORS] as const;
export type VendorName = (typeof VENDORS)[number];

export interface AllVendors {
  readonly each: Readonly<Record<VendorName, RunningVendor>>;
  /**
   * The configuration of an app with the demo credentials and all vendors as providers. Push providers are named
   * `default`; each SMS provider is named after its type, and Twilio comes first. It may ask `cometchat`.
   */
  readonly app: Readonly<Record<string, unknown>>;
  /** The app at CometChat, without custom providers at first. */
  readonly cometchat: CometChatServer;
  /** Makes APNs report every token as unregistered since this moment. */
  apnsUnregisteredSince(moment: Date): void;
  /** Makes one APNs environment report every token as unknown. */
  apnsKnowsNoToken(environment: 'apns' | 'apns-sandbox'): void;
  /** Subscribes a browser. */
  readonly subscribe: WebPushServer['subscribe'];
  close(): Promise<void>;
}

/** Starts the local server of every vendor. @param port the first of consecutive ports; unset: any free ports. */
export async function startAllVendors(port?: number): Promise<AllVendors> {
  const at = (name: VendorName): { port?: number } =>
    port === undefined ? {} : { port: port + VENDORS.indexOf(name) };
  const signingKey = newApnsKey();
  const fcm = await startFcmServer({ ...at('fcm'), maxConcurrentStreams: 100 });
  const production = await startApnsServer({ ...at('apns'), signingKey });
  const sandbox = await startApnsServer({ ...at('apns-sandbox'), signingKey });
  const webpush = await startWebPushServer(at('webpush'));
  const expo = await startExpoServer(at('expo'));
  const hms = await startHmsServer(at('hms'));
  const sms = await startSmsVendors(at);
  const cometchat = await startCometChat(
    DEMO.appId,
    port === undefined ? {} : { port: port + VENDORS.length },
  );

  const each: AllVendors['each'] = {
    fcm: {
      vendor: fcm.vendor,
      play: (scenario, times, told) => fcm.answerWith(fcmAnswer(scenario, told), times),
      asked: fcm.asked,
      received: fcm.received,
    },
    apns: scripted(production, apnsAnswer),
    'apns-sandbox': scripted(sandbox, apnsAnswer),
    webpush: scripted(webpush, webPushAnswer),
    expo: scripted(expo, expoAnswer),
    hms: scripted(hms, hmsAnswer),
    ...sms.each,
  };
  const { ca } = fcm;
  const id = 'default';
  const { key, keyId, teamId } = signingKey;
  const apns = { id, type: 'apns', key, keyId, teamId, bundleId: production.bundleId, ca };
  const app = {
    appId: DEMO.appId,
    region: 'us',
    webhook: { basicAuth: [{ ...DEMO.webhook }] },
    clients: { apiKeys: [DEMO.apiKey], jwt: { secret: DEMO.jwtSecret }, mayChangeContact: true },
    cometchat: { apiEndpoint: cometchat.url, ca: cometchat.ca, restApiKey: cometchat.restApiKey },
    push: {
      providers: [
        {
          ...{ id, type: 'fcm', endpoint: fcm.url, ca },
          tokenEndpoint: fcm.tokenUrl,
          serviceAccount: fcm.serviceAccount,
        },
        { ...apns, environment: 'production', endpoint: production.url },
        { ...apns, environment: 'sandbox', endpoint: sandbox.url },
        {
          ...{ id, type: 'webpush', ca, ...webpush.vapidKeys, subject: 'mailto:ops@example.com' },
          allowedEndpoints: [webpush.url],
        },
        { id, type: 'expo', endpoint: expo.url, ca, accessToken: expo.accessToken },
        {
          ...{ id, type: 'hms', endpoint: hms.url, ca, tokenEndpoint: hms.tokenUrl },
          ...{ appId: hms.appId, appSecret: hms.appSecret },
        },
      ],
    },
    sms: {
      defaultCountry: 'US',
      providers: SMS_VENDORS.map((name) => sms.each[name].block),
      // All vendors, in this order.
      routes: [{ use: SMS_VENDORS }],
    },
  };
  return {
    each,
    app,
    cometchat,
    apnsUnregisteredSince: (moment) =>
      production.script.answerWith(apnsError(410, 'Unregistered', { timestamp: moment.getTime() })),
    apnsKnowsNoToken: (environment) =>
      (environment === 'apns' ? production : sandbox).script.answerWith(apnsError(400, 'BadDeviceToken')),
    subscribe: webpush.subscribe,
    close: async () => {
      await Promise.all([cometchat.close(), ...VENDORS.map((name) => each[name].vendor.close())]);
    },
  };
}
