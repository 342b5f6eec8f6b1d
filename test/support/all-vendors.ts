import { DEMO } from '../../src/platform/config/demo-config.js';
import { apnsAnswer, apnsError, newApnsKey, startApnsServer } from './apns-server.js';
import { expoAnswer, startExpoServer } from './expo-server.js';
import { fcmAnswer, startFcmServer } from './fcm-server.js';
import { hmsAnswer, startHmsServer } from './hms-server.js';
import type { Scenario } from './scenario.js';
import { startTwilioServer, twilioAnswer } from './twilio-server.js';
import type { VendorScript } from './vendor-script.js';
import type { VendorServer } from './vendor-server.js';
import { startWebPushServer, webPushAnswer, type WebPushServer } from './web-push-server.js';

export const VENDORS = ['fcm', 'apns', 'apns-sandbox', 'webpush', 'expo', 'hms', 'twilio'] as const;
export type VendorName = (typeof VENDORS)[number];

/** One local vendor, seen from outside. */
export interface RunningVendor {
  readonly vendor: VendorServer;
  /** Plays a scenario from now on, or for the next `times` messages only. @param told the `Retry-After` to answer with. */
  play(scenario: Scenario, times?: number, told?: string): void;
  /** How many messages it was asked to send, whatever it answered. */
  asked(): number;
  /** Messages that it took, in order; the oldest go when they are many. */
  readonly received: unknown[];
}

export interface AllVendors {
  readonly each: Readonly<Record<VendorName, RunningVendor>>;
  /** An app of a gateway's configuration that has all of them as providers `default`, and the demo's credentials. */
  readonly app: Readonly<Record<string, unknown>>;
  /** APNs says of every token that it is dead since then. */
  apnsUnregisteredSince(moment: Date): void;
  /** A browser subscribes. */
  readonly subscribe: WebPushServer['subscribe'];
  close(): Promise<void>;
}

/** Starts every vendor that there is a local server for. @param port the first of their ports; unset: any. */
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
  const twilio = await startTwilioServer(at('twilio'));

  const each: AllVendors['each'] = {
    fcm: {
      vendor: fcm.vendor,
      play: (scenario, times, told) => fcm.answerWith(fcmAnswer(scenario, told), times),
      asked: fcm.asked,
      received: fcm.received,
    },
    apns: scripted(production.vendor, production.script, apnsAnswer),
    'apns-sandbox': scripted(sandbox.vendor, sandbox.script, apnsAnswer),
    webpush: scripted(webpush.vendor, webpush.script, webPushAnswer),
    expo: scripted(expo.vendor, expo.script, expoAnswer),
    hms: scripted(hms.vendor, hms.script, hmsAnswer),
    twilio: {
      vendor: twilio.vendor,
      play: (scenario, times, told) => twilio.answerWith(twilioAnswer(scenario, told), times),
      asked: () => twilio.vendor.requests,
      received: twilio.received,
    },
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
      providers: [
        {
          ...{ id: 'twilio', type: 'twilio', endpoint: twilio.url, ca, from: '+15005550006' },
          ...{ accountSid: twilio.accountSid, authToken: twilio.authToken },
        },
      ],
    },
  };
  return {
    each,
    app,
    apnsUnregisteredSince: (moment) =>
      production.script.answerWith(apnsError(410, 'Unregistered', { timestamp: moment.getTime() })),
    subscribe: webpush.subscribe,
    close: async () => {
      await Promise.all(VENDORS.map((name) => each[name].vendor.close()));
    },
  };
}

function scripted<M>(
  vendor: VendorServer,
  script: VendorScript<M>,
  answer: (scenario: Scenario, told?: string) => Parameters<VendorScript<M>['answerWith']>[0],
): RunningVendor {
  return {
    vendor,
    play: (scenario, times, told) => script.answerWith(answer(scenario, told), times),
    asked: () => script.asked,
    received: script.received,
  };
}
