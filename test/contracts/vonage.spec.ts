import { afterEach, describe, expect, it } from '@jest/globals';
import { VonageSettings } from '../../src/platform/config/sms-provider-settings.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import { VONAGE_STATUSES } from '../../src/providers/vonage/vonage-errors.js';
import { vonage } from '../../src/providers/vonage/vonage.provider.js';
import {
  playVonage,
  startVonageServer,
  vonageAnswer,
  type VonageServer,
  type VonageServerOptions,
} from '../support/vonage-server.js';
import { networkContract, providerContract } from './provider.contract.js';
import {
  BARE_STATUSES,
  DEAD,
  MAY_HAVE_BEEN_SENT,
  MISCONFIGURED,
  outcomeOf,
  OUT_OF_CREDIT,
  overQuota,
  refused,
  smsRig,
  UNAVAILABLE,
  type ProvideOptions,
} from './sms-rig-a.js';

const MESSAGE: SmsMessage = {
  address: { phno: '+447700900000' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  statusUrl: 'https://sms.example.com/callbacks/app123/sms/vonage/status',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};

function provide(server: VonageServer, over: Partial<VonageSettings> = {}): SmsProvider {
  const { apiKey, apiSecret, url: endpoint } = server;
  const settings = { id: 'vonage', type: 'vonage', apiKey, apiSecret, from: 'Bellhop', endpoint };
  return vonage.create(Object.assign(new VonageSettings(), settings, over));
}

const under = {
  start: startVonageServer,
  provide: (server: VonageServer, { badCredentials, ca, ...rest }: ProvideOptions): SmsProvider =>
    provide(server, {
      ...rest,
      ...(ca === undefined ? {} : { ca }),
      ...(badCredentials ? { apiSecret: 'not-the-secret' } : {}),
    }),
  play: playVonage,
  message: MESSAGE,
  secrets: ['Andrew Joseph', 'vonage-test-secret'],
};
providerContract('vonage over HTTP/1.1', smsRig(under, { http2: false }));
networkContract('vonage over HTTP/1.1', smsRig(under, { http2: false }));
providerContract('vonage over HTTP/2', smsRig(under, {}));
networkContract('vonage over HTTP/2', smsRig(under, {}));

describe('Vonage', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  const started = async (
    over: Partial<VonageSettings> = {},
    options: VonageServerOptions = {},
  ): Promise<{ server: VonageServer; provider: SmsProvider }> => {
    const server = await startVonageServer({ tls: false, ...options });
    const provider = provide(server, over);
    open.push(server, provider);
    return { server, provider };
  };
  const send = (provider: SmsProvider, over: Partial<SmsMessage> = {}): Promise<unknown> =>
    outcomeOf(provider.send({ ...MESSAGE, ...over }, CONTEXT));

  it('is given every field', async () => {
    const { server, provider } = await started();
    expect(await send(provider)).toMatchObject({ outcome: 'accepted' });
    expect(server.received).toEqual([
      {
        api_key: 'abcd1234',
        api_secret: 'vonage-test-secret',
        from: 'Bellhop',
        to: '447700900000',
        text: MESSAGE.text,
        type: 'unicode',
        ttl: '3600000',
        'client-ref': MESSAGE.reference,
        callback: MESSAGE.statusUrl,
      },
    ]);
  });

  it('is given a plain text, a number as the sender, and no address to report to', async () => {
    const { server, provider } = await started({ from: '+15005550006' });
    const { statusUrl: _, ...bare } = MESSAGE;
    await provider.send({ ...bare, text: 'Hello', encoding: 'gsm7' }, CONTEXT);
    expect(server.received).toMatchObject([{ from: '15005550006', type: 'text' }]);
    expect(server.received[0]).not.toHaveProperty('callback');
  });

  it.each([
    [1, '20000'],
    [700_000, '604800000'],
  ])('is given a lifetime that it takes: %i s', async (validForSeconds, ttl) => {
    const { server, provider } = await started();
    await send(provider, { validForSeconds });
    expect(server.received).toMatchObject([{ ttl }]);
  });

  describe('answers part by part', () => {
    it('with the id of the first part for the whole', async () => {
      const { server, provider } = await started();
      const result = await send(provider, { text: 'ä'.repeat(200) });
      expect(result).toEqual({ outcome: 'accepted', vendorMessageId: '0A0000000000ABCD' });
      expect(server.received).toHaveLength(1);
    });

    it('where one part was taken, the text is', async () => {
      const { server, provider } = await started();
      server.answerWith(vonageAnswer([{ status: '1' }, { status: '0', 'message-id': 'second' }]));
      expect(await send(provider)).toEqual({ outcome: 'accepted', vendorMessageId: 'second' });
    });

    it.each([
      ['a part without an id', [{ status: '0' }]],
      ['no part', []],
      ['a part without a status', [{ to: '447700900000' }]],
    ])('and may have sent it: %s', async (_, parts) => {
      const { server, provider } = await started();
      server.answerWith(vonageAnswer(parts));
      expect(await send(provider)).toMatchObject({ ...MAY_HAVE_BEEN_SENT, vendorCode: 'invalid_answer' });
    });
  });

  const ROWS: Readonly<Record<string, object>> = {
    '1': overQuota(1_000),
    '2': MISCONFIGURED,
    '3': refused('message_refused'),
    '4': MISCONFIGURED,
    '5': UNAVAILABLE,
    '6': refused('number_unreachable'),
    '7': refused('number_unreachable'),
    '8': MISCONFIGURED,
    '9': OUT_OF_CREDIT,
    '10': overQuota(1_000),
    '11': MISCONFIGURED,
    '12': refused('message_too_large'),
    '14': MISCONFIGURED,
    '15': MISCONFIGURED,
    '22': refused('message_refused'),
    '23': MISCONFIGURED,
    '29': refused('message_refused'),
    '32': MISCONFIGURED,
    '33': DEAD,
  };
  it('has a test for every row of its table', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(VONAGE_STATUSES));
  });
  it.each(Object.entries(ROWS))('status %s', async (status, expected) => {
    const { server, provider } = await started();
    server.answerWith(vonageAnswer([{ status, 'error-text': 'Refused by the test server' }]));
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: status });
  });
  it('refuses a message for a reason that nobody knows', async () => {
    const { server, provider } = await started();
    server.answerWith(vonageAnswer([{ status: '77' }]));
    expect(await send(provider)).toEqual({ ...refused('message_refused'), vendorCode: '77' });
  });
  it.each(BARE_STATUSES)('HTTP status %i without a part', async (status, expected) => {
    const { server, provider } = await started();
    server.answerWith({ status, body: '<html>no JSON</html>' });
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
  });

  describe('looks a text up', () => {
    const SENT_AT = new Date(Date.now() - 300_000);
    const look = (provider: SmsProvider, sentAt = SENT_AT): Promise<unknown> =>
      outcomeOf(provider.lookUp?.(MESSAGE, sentAt, CONTEXT) ?? Promise.resolve('cannot'));
    const FIELDS = { to: '447700900000', text: 'Hello', 'client-ref': MESSAGE.reference };

    it('and finds it by our reference, though it was never answered for', async () => {
      const { server, provider } = await started({ requestTimeoutMs: 200 });
      server.answerWith((text) => {
        server.record({ ...text, 'client-ref': 'another' });
        server.record(text);
        return 'hang';
      });
      expect(await send(provider)).toMatchObject(MAY_HAVE_BEEN_SENT);
      expect(await look(provider, new Date())).toEqual({ found: true, vendorMessageId: '0A0000000001ABCD' });
    });

    it('in the records of this number, around that time', async () => {
      const { server, provider } = await started();
      await look(provider);
      expect(server.queries).toEqual([
        {
          account_id: 'abcd1234',
          product: 'SMS',
          direction: 'outbound',
          to: '447700900000',
          date_start: new Date(SENT_AT.getTime() - 60_000).toISOString(),
          date_end: new Date(SENT_AT.getTime() + 70_000).toISOString(),
        },
      ]);
    });

    it('and says that it is not there, once it would be', async () => {
      const { server, provider } = await started();
      server.record({ ...FIELDS, 'client-ref': 'another' }, SENT_AT);
      server.record({ ...FIELDS, to: '447700900001' }, SENT_AT);
      server.record(FIELDS, new Date(SENT_AT.getTime() - 3_600_000));
      expect(await look(provider)).toEqual({ found: false });
    });

    it('and does not say so of one that was sent just now', async () => {
      const { provider } = await started();
      expect(await look(provider, new Date())).toMatchObject({
        name: 'ProviderUnavailable',
        vendorCode: 'not_settled',
      });
    });

    it('page by page', async () => {
      const { server, provider } = await started({}, { pageSize: 2 });
      for (const ref of ['a', 'b', 'c']) server.record({ ...FIELDS, 'client-ref': ref }, SENT_AT);
      server.record(FIELDS, SENT_AT);
      expect(await look(provider)).toEqual({ found: true, vendorMessageId: '0A0000000003ABCD' });
      expect(server.queries).toHaveLength(2);
    });

    it('and gives up where there are too many', async () => {
      const { server, provider } = await started({}, { pageSize: 1 });
      for (let n = 0; n < 10; n += 1) server.record({ ...FIELDS, 'client-ref': String(n) }, SENT_AT);
      expect(await look(provider)).toMatchObject({ ...UNAVAILABLE, vendorCode: 'too_many_records' });
      expect(server.queries).toHaveLength(5);
    });

    it.each([
      [401, { name: 'ProviderMisconfigured', vendorCode: '401' }],
      [403, { name: 'ProviderMisconfigured', vendorCode: '403' }],
      [422, { name: 'ProviderMisconfigured', vendorCode: '422' }],
      [429, { name: 'ProviderOverQuota', vendorCode: '429', retryAfterMs: 7_000 }],
      [503, { name: 'ProviderUnavailable', vendorCode: '503', retryAfterMs: 7_000 }],
      [200, { name: 'ProviderUnavailable', vendorCode: 'invalid_answer' }],
    ])('and cannot tell: %i', async (status, expected) => {
      const { server, provider } = await started();
      server.answerQueriesWith({ status, headers: { 'retry-after': '7' }, body: '{}' });
      expect(await look(provider)).toMatchObject(expected);
    });

    it('not when it has been stopped', async () => {
      const { server, provider } = await started();
      const context = { ...CONTEXT, signal: AbortSignal.abort() };
      const looking = outcomeOf(provider.lookUp?.(MESSAGE, SENT_AT, context) ?? Promise.resolve());
      expect(await looking).toMatchObject({ name: 'SendAborted' });
      expect(server.queries).toEqual([]);
    });
  });
});
