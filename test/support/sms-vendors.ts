import { awsAnswer, startAwsServer } from './aws-server.js';
import { httpSmsAnswer, startHttpSmsServer } from './http-sms-server.js';
import { infobipAnswer, startInfobipServer } from './infobip-server.js';
import { playMessageBird, startMessageBirdServer } from './messagebird-server.js';
import { playPlivo, startPlivoServer } from './plivo-server.js';
import { scripted, type RunningVendor } from './running-vendor.js';
import { sinchAnswer, startSinchServer } from './sinch-server.js';
import {
  awsReporter,
  httpReporter,
  infobipReporter,
  messageBirdReporter,
  plivoReporter,
  sinchReporter,
  telnyxReporter,
  twilioReporter,
  vonageReporter,
  withoutSecret,
  type Reporter,
} from './sms-reporters.js';
import { smscAnswer, SmscSimulator } from './smsc-simulator.js';
import { newTelnyxKey, playTelnyx, startTelnyxServer } from './telnyx-server.js';
import { startTwilioServer, twilioAnswer } from './twilio-server.js';
import { playVonage, startVonageServer } from './vonage-server.js';

export const SMS_VENDORS = [
  ...(['twilio', 'vonage', 'aws', 'plivo', 'telnyx'] as const),
  ...(['messagebird', 'infobip', 'sinch', 'smpp', 'http'] as const),
] as const;
export type SmsVendorName = (typeof SMS_VENDORS)[number];

/** An SMS that a vendor accepted. */
export interface HandedText {
  readonly to: string;
  readonly text: string;
  /** URL for its delivery reports. */
  readonly statusUrl?: string | undefined;
}

/** A local SMS vendor. */
export interface SmsVendor extends RunningVendor {
  /** Its block of `sms.providers`; the id equals the type. */
  readonly block: Readonly<Record<string, unknown>> & { readonly callbackSecret?: string };
  /** Accepted SMS, in order. */
  texts(): HandedText[];
  /** Callbacks of the vendor, and of a sender without its key; unset: it reports on its own connection. */
  readonly reporter?: Reporter;
  readonly forger?: Reporter;
}

export interface SmsVendors {
  readonly each: Readonly<Record<SmsVendorName, SmsVendor>>;
  /** The SMS centre, which reports on its own connection. */
  readonly smsc: SmscSimulator;
  close(): Promise<void>;
}

type Place = { readonly port?: number };
const FROM = '+15005550006';
const CALLBACK_SECRET = 'callback-secret-of-this-vendor';

/** Starts all SMS vendors with TLS. @param at the port of each. */
export async function startSmsVendors(at: (name: SmsVendorName) => Place = () => ({})): Promise<SmsVendors> {
  const smsc = await SmscSimulator.start({ ...at('smpp'), tls: true });
  const each = {
    twilio: await startTwilio(at('twilio')),
    vonage: await startVonage(at('vonage')),
    aws: await startAws(at('aws')),
    plivo: await startPlivo(at('plivo')),
    telnyx: await startTelnyx(at('telnyx')),
    messagebird: await startMessageBird(at('messagebird')),
    infobip: await startInfobip(at('infobip')),
    sinch: await startSinch(at('sinch')),
    smpp: seen(smsc),
    http: await startHttp(at('http')),
  };
  return {
    each,
    smsc,
    close: async () => {
      await Promise.all(SMS_VENDORS.map((name) => each[name].vendor.close()));
    },
  };
}

async function startTwilio(place: Place): Promise<SmsVendor> {
  const server = await startTwilioServer(place);
  const { vendor, received, accountSid, authToken } = server;
  return {
    ...scripted(server, twilioAnswer),
    block: { ...common('twilio', vendor), accountSid, authToken },
    texts: () =>
      received.map(({ to, body: text, statusCallback }) => ({ to, text, statusUrl: statusCallback })),
    reporter: twilioReporter(authToken),
    forger: twilioReporter('another-token'),
  };
}

async function startVonage(place: Place): Promise<SmsVendor> {
  const server = await startVonageServer(place);
  const { vendor, received, apiKey, apiSecret } = server;
  const signatureSecret = 'vonage-signature-secret';
  return {
    ...scripted(server, playVonage),
    block: { ...common('vonage', vendor), apiKey, apiSecret, signatureSecret },
    texts: () => received.map(({ to, text = '', callback }) => ({ to: `+${to}`, text, statusUrl: callback })),
    reporter: vonageReporter(signatureSecret),
    forger: vonageReporter('another-secret'),
  };
}

async function startAws(place: Place): Promise<SmsVendor> {
  const server = await startAwsServer(place);
  const { vendor, script, region, accessKeyId, secretAccessKey, topicArn, url } = server;
  const { from: originationIdentity, ...rest } = common('aws', vendor);
  return {
    ...scripted(server, awsAnswer),
    block: {
      ...{ ...rest, originationIdentity, region, accessKeyId, secretAccessKey },
      ...{ snsEndpoint: url, topicArns: [topicArn], configurationSet: 'bellhop' },
    },
    texts: () =>
      script.received.map(({ DestinationPhoneNumber: to, MessageBody: text = '' }) => ({ to, text })),
    reporter: awsReporter(server, topicArn),
    // SNS signs for every account of AWS.
    forger: awsReporter(server, topicArn.replace(/\d{12}/, '210987654321')),
  };
}

async function startPlivo(place: Place): Promise<SmsVendor> {
  const server = await startPlivoServer(place);
  const { vendor, received, authId, authToken } = server;
  return {
    ...scripted(server, playPlivo),
    block: { ...common('plivo', vendor), authId, authToken },
    texts: () => received.map(({ dst, text, url }) => handed(`+${String(dst)}`, text, url)),
    reporter: plivoReporter(authToken),
    forger: plivoReporter('another-token'),
  };
}

async function startTelnyx(place: Place): Promise<SmsVendor> {
  const server = await startTelnyxServer(place);
  const { vendor, received, apiKey } = server;
  const { publicKey, privateKey } = newTelnyxKey();
  return {
    ...scripted(server, playTelnyx),
    block: { ...common('telnyx', vendor), apiKey, publicKey },
    texts: () => received.map(({ to, text, webhook_url }) => handed(String(to), text, webhook_url)),
    reporter: telnyxReporter(privateKey),
    forger: telnyxReporter(newTelnyxKey().privateKey),
  };
}

async function startMessageBird(place: Place): Promise<SmsVendor> {
  const server = await startMessageBirdServer(place);
  const { vendor, received, accessKey } = server;
  const signingKey = 'messagebird-signing-key';
  return {
    ...scripted(server, playMessageBird),
    block: { ...common('messagebird', vendor), accessKey, signingKey },
    texts: () =>
      received.map(({ recipients, body, reportUrl }) => handed(`+${String(recipients)}`, body, reportUrl)),
    reporter: messageBirdReporter(signingKey),
    forger: messageBirdReporter('another-key'),
  };
}

async function startInfobip(place: Place): Promise<SmsVendor> {
  const server = await startInfobipServer({ ...place, refuseDuplicates: true });
  const { vendor, received, apiKey } = server;
  return {
    ...scripted(server, infobipAnswer),
    block: { ...common('infobip', vendor), apiKey, callbackSecret: CALLBACK_SECRET },
    texts: () =>
      received.map(({ destinations: [destination], content: { text }, webhooks }) => {
        const { url } = (webhooks?.['delivery'] ?? {}) as { url?: string };
        return handed(`+${destination?.to}`, text, url);
      }),
    reporter: infobipReporter,
    forger: withoutSecret(infobipReporter),
  };
}

async function startSinch(place: Place): Promise<SmsVendor> {
  const server = await startSinchServer(place);
  const { vendor, received, servicePlanId, apiToken } = server;
  return {
    ...scripted(server, sinchAnswer),
    block: { ...common('sinch', vendor), servicePlanId, apiToken, callbackSecret: CALLBACK_SECRET },
    texts: () => received.map(({ to, body, callback_url }) => handed(String(to), body, callback_url)),
    reporter: sinchReporter,
    forger: withoutSecret(sinchReporter),
  };
}

async function startHttp(place: Place): Promise<SmsVendor> {
  const server = await startHttpSmsServer(place);
  const { vendor, script, apiKey } = server;
  const { endpoint, ...rest } = common('http', vendor);
  return {
    ...scripted(server, httpSmsAnswer),
    block: {
      ...{ ...rest, url: `${endpoint}/v1/messages`, callbackSecret: CALLBACK_SECRET },
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      body:
        '{"to": "{{ to }}", "from": "{{ from }}", "text": "{{ text }}", "reference": "{{ reference }}"' +
        '{% if statusUrl %}, "callback": "{{ statusUrl }}"{% endif %}}',
      idPath: 'messages[0].id',
    },
    texts: () => script.received.map(({ to, text, callback }) => ({ to, text, statusUrl: callback })),
    reporter: httpReporter,
    forger: withoutSecret(httpReporter),
  };
}

function seen(smsc: SmscSimulator): SmsVendor {
  const vendor = {
    url: smsc.url,
    get connections() {
      return smsc.connections;
    },
    goaway: () => smsc.unbind(),
    dropConnections: () => smsc.dropConnections(),
    close: () => smsc.close(),
  };
  return {
    vendor,
    play: (scenario, times) => smsc.answerWith(smscAnswer(scenario), times),
    asked: () => smsc.asked,
    received: smsc.received,
    block: {
      ...{ ...common('smpp', smsc), systemId: smsc.systemId, password: smsc.password },
    },
    texts: () => smsc.received.map(({ to, text }) => ({ to: `+${to}`, text })),
  };
}

const common = (
  type: SmsVendorName,
  { url, ca }: { readonly url: string; readonly ca: string | undefined },
): { readonly endpoint: string; readonly from: string } & Readonly<Record<string, unknown>> => ({
  ...{ id: type, type, endpoint: url, from: FROM },
  ...(ca === undefined ? {} : { ca }),
});

const handed = (to: string, text: unknown, statusUrl: unknown): HandedText => ({
  ...{ to, text: typeof text === 'string' ? text : '' },
  statusUrl: typeof statusUrl === 'string' ? statusUrl : undefined,
});
