import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import type { CallbackRequest } from '../../src/providers/callback.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../support/gateway.js';
import { sms } from '../support/payloads.js';
import { FROM_PHONE, phoneText, textReceipt } from '../support/smsc-messages.js';
import type { Reporter } from '../support/sms-reporters.js';
import { SMS_VENDORS, startSmsVendors, type SmsVendorName, type SmsVendors } from '../support/sms-vendors.js';
import { until } from '../support/until.js';

const PUBLIC_URL = 'https://sms.example.com';
/** Vendors that get a status URL with each SMS. AWS reports to a topic, an SMS centre on its connection. */
const WITH_STATUS_URL = new Set<SmsVendorName>(
  SMS_VENDORS.filter((name) => name !== 'aws' && name !== 'smpp'),
);
const WITH_CALLBACKS = SMS_VENDORS.filter((name) => name !== 'smpp');

/** Vendors that reply to STOP, START and HELP themselves. */
const REPLYING = new Set<SmsVendorName>(['twilio', 'aws', 'plivo', 'telnyx']);
/** Vendors that opt in by YES. */
const YES_OPTS_IN = new Set<SmsVendorName>(['twilio', 'plivo']);

const DOCUMENTED =
  "You've received new messages from Susan Marie! Read them at https://your-website.com/chat.";
/** 201 UTF-16 units, 3 × 67; a surrogate pair on the first boundary makes it four segments. */
const LONG = `${'Сюзан: «до встречи» '.repeat(3)}123456👋${' и ещё раз, 你好'.repeat(9)}!!!!!!!`;

let vendors: SmsVendors;
let gateway: TestGateway;
beforeAll(async () => {
  vendors = await startSmsVendors();
  const routes = [
    ...SMS_VENDORS.map((name) => ({ senders: [senderOf(name)], use: [name] })),
    { use: ['twilio'] },
  ];
  const smsSettings = {
    defaultCountry: 'US',
    providers: SMS_VENDORS.map((name) => vendors.each[name].block),
    routes,
  };
  const apps = [{ ...DEMO_CONFIG.apps[0], sms: smsSettings }];
  gateway = await startTestGateway({ config: { apps }, settings: { publicUrl: PUBLIC_URL } });
});
afterAll(async () => {
  await gateway.close();
  await vendors.close();
});

const senderOf = (name: SmsVendorName): string => `sender-for-${name}`;
let count = 0;
const number = (): string => `+1415555${(count += 1) + 1_000}`;

/** Posts the documented webhook, routed to this vendor. */
async function send(name: SmsVendorName, phno = number(), smsContent?: string): Promise<NotificationJson> {
  const body = sms(phno, `user-${phno.slice(1)}`);
  // Distinct content: identical webhooks are duplicates.
  const messages = [{ message: `Message ${(count += 1)}` }];
  Object.assign(body.data, { senderDetails: { uid: senderOf(name), name: 'Susan Marie' }, messages });
  if (smsContent !== undefined) body.data['smsContent'] = smsContent;
  const answer = await gateway.webhook('sms', body);
  expect(answer.statusCode).toBe(200);
  return gateway.notification(answer.json<{ notificationId: string }>().notificationId);
}

const textsTo = (name: SmsVendorName, phno: string): string[] =>
  vendors.each[name]
    .texts()
    .filter(({ to }) => to === phno)
    .map(({ text }) => text);

/** The callback URL that this vendor gets with an SMS or has in its settings. */
function callbackUrl(name: SmsVendorName, what: 'status' | 'inbound'): string {
  const { callbackSecret } = vendors.each[name].block;
  const query = callbackSecret === undefined ? '' : `?secret=${callbackSecret}`;
  return `${PUBLIC_URL}/callbacks/${DEMO.appId}/sms/${name}/${what}${query}`;
}

/** Delivers a callback as the proxy at `PUBLIC_URL` does. */
const call = ({ method, url, headers, body }: CallbackRequest): Promise<LightMyRequestResponse> =>
  gateway.request({
    method,
    url: url.slice(PUBLIC_URL.length),
    headers,
    ...(method === 'POST' ? { payload: body } : {}),
  });

const reporterOf = (name: SmsVendorName, who: 'reporter' | 'forger' = 'reporter'): Reporter => {
  const reporter = vendors.each[name][who];
  if (!reporter) throw new Error(`${name} makes no callbacks.`);
  return reporter;
};

/** Sends the vendor's report that the SMS was delivered. */
async function reportDelivered(
  name: SmsVendorName,
  phno: string,
  { deliveries }: NotificationJson,
): Promise<void> {
  if (name === 'smpp') {
    const [id = ''] = vendors.smsc.received.at(-1)?.ids ?? [];
    expect(await vendors.smsc.deliver(textReceipt(id, 'DELIVRD'))).toBe('ESME_ROK');
    return;
  }
  const message = { id: deliveries[0]?.attempts[0]?.vendorMessageId ?? '', phno };
  const given = vendors.each[name].texts().findLast(({ to }) => to === phno)?.statusUrl;
  const answer = await call(reporterOf(name).delivered(given ?? callbackUrl(name, 'status'), message));
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
}

/** Sends an inbound SMS to our number with the vendor. */
async function say(name: SmsVendorName, from: string, text: string): Promise<void> {
  if (name === 'smpp') {
    const pdu = phoneText(Buffer.from(text), 0, { ...FROM_PHONE, source_addr: from.slice(1) });
    expect(await vendors.smsc.deliver(pdu)).toBe('ESME_ROK');
    return;
  }
  const answer = await call(reporterOf(name).inbound(callbackUrl(name, 'inbound'), from, text));
  expect(answer.statusCode).toBe(200);
}

describe.each(SMS_VENDORS)('the SMS vendor %s', (name) => {
  it.each([
    ['of one GSM-7 segment', undefined, DOCUMENTED, { encoding: 'gsm7', segments: 1 }],
    ['of several UCS-2 segments', LONG, LONG, { encoding: 'ucs2', segments: 4 }],
  ])('gets the whole text of an SMS %s', async (_, smsContent, expected, facts) => {
    const phno = number();
    const { deliveries } = await send(name, phno, smsContent);
    expect(deliveries).toMatchObject([
      {
        ...{ status: 'sent', reason: null, provider: name, sms: { ...facts, country: 'US' } },
        attempts: [
          { provider: name, outcome: 'accepted', vendorMessageId: expect.any(String), receipt: null },
        ],
      },
    ]);
    const statusUrl = WITH_STATUS_URL.has(name) ? callbackUrl(name, 'status') : undefined;
    expect(vendors.each[name].texts().at(-1)).toEqual({ to: phno, text: expected, statusUrl });
    expect(textsTo(name, phno)).toHaveLength(1);
  });

  it('reports that an SMS was delivered', async () => {
    const phno = number();
    const sent = await send(name, phno);
    await reportDelivered(name, phno, sent);
    expect(await gateway.notification(sent.id, ({ status }) => status !== 'sent')).toMatchObject({
      status: 'delivered',
      deliveries: [{ status: 'delivered', attempts: [{ receipt: { status: 'delivered' } }] }],
    });
  });

  it('forwards a STOP, which is answered once and ends further SMS', async () => {
    const phno = number();
    await send(name, phno);
    await say(name, phno, 'STOP');
    await say(name, phno, 'STOP');
    expect((await send(name, phno)).deliveries).toMatchObject([{ status: 'skipped', reason: 'opted_out' }]);
    // Replies are planned in order: once the last has arrived, so have the others.
    const last = number();
    const witness = REPLYING.has(name) ? 'sinch' : name;
    await say(name, last, 'HELP');
    await say(witness, last, 'HELP');
    await until(
      () => textsTo(witness, last).length > 0,
      () => textsTo(witness, last),
    );
    const reply = expect.stringContaining('unsubscribed');
    expect(textsTo(name, phno)).toEqual(REPLYING.has(name) ? [DOCUMENTED] : [DOCUMENTED, reply]);
    const all = SMS_VENDORS.flatMap((each) => [...textsTo(each, phno), ...textsTo(each, last)]);
    expect(all).toHaveLength(REPLYING.has(name) ? 2 : 3);
  });

  it('forwards a YES, which opts in if the vendor treats it as START', async () => {
    const phno = number();
    await say(name, phno, 'STOP');
    await say(name, phno, 'YES');
    const after = YES_OPTS_IN.has(name) ? { status: 'sent', reason: null } : { reason: 'opted_out' };
    expect((await send(name, phno)).deliveries).toMatchObject([after]);
    await say(name, phno, 'START');
    expect((await send(name, phno)).status).toBe('sent');
  });
});

describe.each(WITH_CALLBACKS)('a forged callback of %s', (name) => {
  it('is refused', async () => {
    const phno = number();
    const sent = await send(name, phno);
    const message = { id: sent.deliveries[0]?.attempts[0]?.vendorMessageId ?? '', phno };
    const forger = reporterOf(name, 'forger');
    for (const forged of [
      forger.delivered(callbackUrl(name, 'status'), message),
      forger.inbound(callbackUrl(name, 'inbound'), phno, 'STOP'),
      // The vendor's own callback without its signature and our secret.
      unsigned(reporterOf(name).delivered(callbackUrl(name, 'status'), message)),
    ]) {
      const answer = await call(forged);
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'CALLBACK.INVALID_SIGNATURE' });
    }
    expect(await gateway.notification(sent.id)).toEqual(sent);
    expect((await send(name, phno)).status).toBe('sent');
    await reportDelivered(name, phno, sent);
    expect((await gateway.notification(sent.id)).status).toBe('delivered');
  });
});

describe('a callback of Plivo', () => {
  it('is accepted once, and its nonce is refused for any other body', async () => {
    const phno = number();
    const stop = reporterOf('plivo').inbound(callbackUrl('plivo', 'inbound'), phno, 'STOP');
    expect((await call(stop)).statusCode).toBe(200);
    expect((await send('plivo', phno)).deliveries).toMatchObject([{ reason: 'opted_out' }]);
    // Version 2 signs only the URL and the nonce.
    const start = Buffer.from(stop.body.toString().replace('Text=STOP', 'Text=START'));
    for (const replayed of [stop, { ...stop, body: start }]) {
      const answer = await call(replayed);
      expect([answer.statusCode, answer.json()]).toMatchObject([401, { code: 'CALLBACK.INVALID_SIGNATURE' }]);
    }
    expect((await send('plivo', phno)).deliveries).toMatchObject([{ reason: 'opted_out' }]);
  });
});

describe('an SMS centre (SMPP)', () => {
  it('has no callback routes', async () => {
    for (const what of ['status', 'inbound'] as const) {
      const answer = await gateway.request({
        method: 'POST',
        url: `/callbacks/${DEMO.appId}/sms/smpp/${what}`,
      });
      expect(answer.statusCode).toBe(404);
    }
  });
});

/** Removes the vendor's signature and our secret. */
function unsigned({ method, url, headers, body }: CallbackRequest): CallbackRequest {
  const address = new URL(url);
  address.searchParams.delete('secret');
  const { 'content-type': type } = headers;
  const bytes = body.toString().replace(/"(sig|Signature)":"[^"]*",?/, '');
  return {
    ...{ method, url: address.href, query: address.searchParams, body: Buffer.from(bytes) },
    headers: type === undefined ? {} : { 'content-type': type },
  };
}
