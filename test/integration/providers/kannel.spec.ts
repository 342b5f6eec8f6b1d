import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryReport } from '../../../src/domain/delivery-report.js';
import { HttpSmsSettings } from '../../../src/providers/http/http-settings.js';
import type { CallbackRequest, InboundSms } from '../../../src/providers/callback.js';
import { httpSms } from '../../../src/providers/http/http.provider.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../../src/providers/provider.js';
import { kannelProgram, startKannel, type Kannel } from '../../support/kannel.js';
import { startSmsc, type Smsc } from '../../support/smsc.js';
import { until } from '../../support/until.js';

const missing = (['bearerbox', 'smsbox'] as const).filter((name) => kannelProgram(name) === undefined);
if (missing.length > 0) {
  process.stderr.write(
    `\nSKIPPED test/integration/providers/kannel.spec.ts: ${missing.join(' and ')} not found. ` +
      'Debian has them in the package kannel.\n',
  );
}

const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};

/** The example in docs/sms-http.md. */
const URL_TEMPLATE = `/cgi-bin/sendsms?username=USER&password=WORD
  &from={{ from }}&to={{ to }}&text={{ text }}&charset=UTF-8
  &coding={% if encoding == "ucs2" %}2{% else %}0{% endif %}
  &dlr-mask=31&dlr-url={{ statusUrl | append: "&reference=" | append: reference | append: "&type=%d" }}`;

(missing.length > 0 ? describe.skip : describe)('Kannel through a provider of type http', () => {
  const reports: DeliveryReport[] = [];
  const inbound: InboundSms[] = [];
  const faults: unknown[] = [];
  let callbacks: Server;
  let callbackUrl: string;
  let smsc: Smsc;
  let kannel: Kannel;
  let provider: SmsProvider;

  const settings = (over: Partial<HttpSmsSettings> = {}): HttpSmsSettings => {
    const url = URL_TEMPLATE.replace('USER', kannel.username).replace('WORD', kannel.password);
    const block = { id: 'kannel', type: 'http', method: 'GET', from: '7000', url: kannel.url + url };
    return Object.assign(new HttpSmsSettings(), block, { successWhen: 'status == 202' }, over);
  };
  const message = (n: number, over: Partial<SmsMessage> = {}): SmsMessage => ({
    address: { phno: '+14155550100' },
    text: `Text number ${n}: a & b = 100 % "sure"?`,
    encoding: 'gsm7',
    segments: 1,
    reference: `01234567-89ab-7def-8123-${String(n).padStart(12, '0')}-1`,
    statusUrl: `${callbackUrl}/status?secret=0123456789abcdef`,
    validForSeconds: 3_600,
    ...over,
  });
  const reportsOf = ({ reference }: SmsMessage): DeliveryReport[] =>
    reports.filter((report) => report.reference === reference);
  const reported = (sms: SmsMessage, wanted: DeliveryReport['status']): Promise<unknown> =>
    until(
      () => {
        if (faults.length > 0) throw faults[0];
        return reportsOf(sms).find(({ status }) => status === wanted);
      },
      () => reportsOf(sms),
    );

  const take = async (request: IncomingMessage): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', callbackUrl);
    const { searchParams: query } = url;
    expect(query.get('secret')).toBe('0123456789abcdef');
    const read: CallbackRequest = {
      method: request.method === 'POST' ? 'POST' : 'GET',
      url: url.href,
      query,
      headers: { 'content-type': request.headers['content-type'] },
      body: Buffer.concat(chunks),
    };
    if (url.pathname === '/status') reports.push(...(provider.callbacks?.readStatus(read) ?? []));
    else inbound.push(...(provider.callbacks?.readInbound?.(read) ?? []));
  };

  beforeAll(async () => {
    callbacks = createServer((request, response) => {
      take(request)
        .catch((error: unknown) => faults.push(error))
        .finally(() => {
          const { contentType = 'application/json', body = '{}' } = provider.callbacks?.answer ?? {};
          response.writeHead(200, { 'content-type': contentType }).end(body);
        });
    });
    await new Promise<void>((resolve) => callbacks.listen(0, '127.0.0.1', resolve));
    callbackUrl = `http://127.0.0.1:${(callbacks.address() as AddressInfo).port}`;
    smsc = await startSmsc();
    const inboundUrl = `${callbackUrl}/inbound?secret=0123456789abcdef&from=%q&to=%P&text=%a&id=%I`;
    kannel = await startKannel({ smsc, inboundUrl });
    provider = httpSms.create(settings());
  });

  afterAll(async () => {
    await provider?.close();
    await kannel?.close();
    await smsc?.close();
    callbacks?.closeAllConnections();
    await new Promise((resolve) => callbacks?.close(resolve));
  });

  it('sends an SMS and reports its delivery', async () => {
    const sms = message(1);
    await expect(provider.send(sms, CONTEXT)).resolves.toMatchObject({
      outcome: 'accepted',
      vendorMessageId: sms.reference,
    });
    await reported(sms, 'delivered');
    expect(smsc.submitted.at(-1)).toMatchObject({ from: '7000', text: sms.text });
    expect(smsc.submitted.at(-1)?.to.replace(/^\+/, '')).toBe('14155550100');
    // The SMS centre accepted it (8), then the phone received it (1).
    expect(reportsOf(sms).map(({ status }) => status)).toEqual(['accepted', 'delivered']);
    expect(reportsOf(sms).at(-1)).toMatchObject({ vendorMessageId: sms.reference, reason: null });
  });

  it('sends any alphabet and splits a long text', async () => {
    const words = 'Ünïcode 嗨 👍 & "quotes" % + ';
    const sms = message(2, { text: words.repeat(4).trim(), encoding: 'ucs2', segments: 2 });
    const before = smsc.submitted.length;
    await provider.send(sms, CONTEXT);
    await reported(sms, 'delivered');
    const parts = smsc.submitted.slice(before).map((part) => part.text);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join('')).toBe(sms.text);
  });

  it.each([
    ['cannot be reached', '+14155550404', 'undelivered'],
    ['is refused by the SMS centre', '+14155550400', 'message_refused'],
  ])('reports a number that %s', async (_, phno, reason) => {
    const sms = message(phno.endsWith('4') ? 3 : 4, { address: { phno } });
    await expect(provider.send(sms, CONTEXT)).resolves.toMatchObject({ outcome: 'accepted' });
    await reported(sms, 'failed');
    expect(reportsOf(sms).at(-1)).toMatchObject({ status: 'failed', reason });
  });

  it('throws ProviderMisconfigured for wrong Kannel credentials', async () => {
    const url = settings().url.replace(kannel.password, 'wrong');
    const stranger = httpSms.create(settings({ url }));
    await expect(stranger.send(message(5), CONTEXT)).rejects.toMatchObject({
      name: 'ProviderMisconfigured',
      vendorCode: '403',
    });
    await stranger.close();
  });

  it('reads an inbound SMS and sends no reply', async () => {
    const before = smsc.submitted.length;
    smsc.handIn('+14155550123', '7000', 'Stöp & 嗨 + 100 %');
    await until(
      () => inbound.length > 0,
      () => faults.map(String),
    );
    expect(inbound).toEqual([
      {
        from: '+14155550123',
        to: '7000',
        text: 'Stöp & 嗨 + 100 %',
        vendorMessageId: expect.stringMatching(/./),
      },
    ]);
    // A reply would have been sent before this SMS.
    const next = message(6);
    await provider.send(next, CONTEXT);
    await reported(next, 'delivered');
    expect(smsc.submitted.slice(before).map(({ text }) => text)).toEqual([next.text]);
  });
});
