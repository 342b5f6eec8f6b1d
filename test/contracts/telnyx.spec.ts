import { afterEach, describe, expect, it } from '@jest/globals';
import { TelnyxSettings } from '../../src/platform/config/sms-provider-settings.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
} from '../../src/providers/callback.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import { TELNYX_CODES, TELNYX_RECEIPT_CODES } from '../../src/providers/telnyx/telnyx-errors.js';
import { telnyx } from '../../src/providers/telnyx/telnyx.provider.js';
import { postedAsJson } from '../support/sms-callback.js';
import {
  newTelnyxKey,
  playTelnyx,
  startTelnyxServer,
  telnyxError,
  telnyxSignature,
  type TelnyxServer,
} from '../support/telnyx-server.js';
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
  address: { phno: '+14155550100' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  statusUrl: 'https://sms.example.com/callbacks/app123/sms/telnyx/status',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};
const PROFILE = '4000eba1-a0c0-4563-9925-b25e842a7cb6';

function provide(server: TelnyxServer, over: Partial<TelnyxSettings> = {}): SmsProvider {
  const { apiKey, url: endpoint } = server;
  const from = over.messagingProfileId === undefined ? { from: '+15005550006' } : {};
  const settings = { id: 'telnyx', type: 'telnyx', apiKey, endpoint, ...from };
  return telnyx.create(Object.assign(new TelnyxSettings(), settings, over));
}

const under = {
  start: startTelnyxServer,
  provide: (server: TelnyxServer, { badCredentials, ca, ...rest }: ProvideOptions): SmsProvider =>
    provide(server, {
      ...rest,
      ...(ca === undefined ? {} : { ca }),
      ...(badCredentials ? { apiKey: 'wrong' } : {}),
    }),
  play: playTelnyx,
  message: MESSAGE,
  secrets: ['Andrew Joseph', 'telnyx-test-key'],
};
providerContract('telnyx over HTTP/1.1', smsRig(under, { http2: false }));
networkContract('telnyx over HTTP/1.1', smsRig(under, { http2: false }));
providerContract('telnyx over HTTP/2', smsRig(under, {}));
networkContract('telnyx over HTTP/2', smsRig(under, {}));

describe('Telnyx', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  const started = async (
    over: Partial<TelnyxSettings> = {},
  ): Promise<{ server: TelnyxServer; provider: SmsProvider }> => {
    const server = await startTelnyxServer({ tls: false });
    const provider = provide(server, over);
    open.push(server, provider);
    return { server, provider };
  };
  const send = (provider: SmsProvider, message: SmsMessage = MESSAGE): Promise<unknown> =>
    outcomeOf(provider.send(message, CONTEXT));

  it('is given every field', async () => {
    const { server, provider } = await started();
    expect(await send(provider)).toEqual({
      outcome: 'accepted',
      vendorMessageId: '40385f64-5717-4562-b3fc-000000000001',
    });
    expect(server.received).toEqual([
      {
        to: '+14155550100',
        from: '+15005550006',
        text: MESSAGE.text,
        type: 'SMS',
        webhook_url: MESSAGE.statusUrl,
      },
    ]);
  });

  it('is given the profile in place of a sender, and no address to report to', async () => {
    const { server, provider } = await started({ messagingProfileId: PROFILE });
    const { statusUrl: _, ...bare } = MESSAGE;
    expect(await send(provider, bare)).toMatchObject({ outcome: 'accepted' });
    expect(server.received).toEqual([
      { to: '+14155550100', messaging_profile_id: PROFILE, text: MESSAGE.text, type: 'SMS' },
    ]);
  });

  it('is given a name with the profile that it belongs to', async () => {
    const { server, provider } = await started({ messagingProfileId: PROFILE, from: 'Bellhop' });
    await send(provider);
    expect(server.received).toMatchObject([{ from: 'Bellhop', messaging_profile_id: PROFILE }]);
  });

  const ROWS: Readonly<Record<string, object>> = {
    '10001': DEAD,
    '10002': DEAD,
    '10003': MISCONFIGURED,
    '10004': MISCONFIGURED,
    '10005': MISCONFIGURED,
    '10006': MISCONFIGURED,
    '10007': UNAVAILABLE,
    '10008': MAY_HAVE_BEEN_SENT,
    '10009': MISCONFIGURED,
    '10010': MISCONFIGURED,
    '10011': overQuota(1_000),
    '10015': refused('message_refused'),
    '10016': DEAD,
    '20002': MISCONFIGURED,
    '20006': MISCONFIGURED,
    '20012': MISCONFIGURED,
    '20013': MISCONFIGURED,
    '20014': MISCONFIGURED,
    '20015': MISCONFIGURED,
    '20016': MISCONFIGURED,
    '20017': MISCONFIGURED,
    '20100': OUT_OF_CREDIT,
    '40001': DEAD,
    '40009': refused('message_refused'),
    '40010': MISCONFIGURED,
    '40011': overQuota(1_000),
    '40012': DEAD,
    '40013': MISCONFIGURED,
    '40100': MISCONFIGURED,
    '40300': refused('opted_out'),
    '40301': refused('number_unreachable'),
    '40302': refused('message_too_large'),
    '40304': refused('message_refused'),
    '40305': MISCONFIGURED,
    '40306': MISCONFIGURED,
    '40309': refused('country_not_allowed'),
    '40310': DEAD,
    '40311': MISCONFIGURED,
    '40312': MISCONFIGURED,
    '40313': MISCONFIGURED,
    '40314': MISCONFIGURED,
    '40315': MISCONFIGURED,
    '40316': refused('message_refused'),
    '40318': overQuota(60_000),
    '40319': refused('number_unreachable'),
    '40320': overQuota(60_000),
    '40321': MISCONFIGURED,
    '40322': refused('message_refused'),
    '40328': refused('message_too_large'),
    '40329': MISCONFIGURED,
  };
  it('has a test for every row of its table', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(TELNYX_CODES));
  });
  it.each(Object.entries(ROWS))('code %s', async (code, expected) => {
    const { server, provider } = await started();
    server.answerWith(telnyxError(422, code));
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: code });
  });

  it.each(['/from', '/messaging_profile_id'])(
    'says of our own %s what it says of a number',
    async (pointer) => {
      const { server, provider } = await started();
      server.answerWith(telnyxError(422, '10002', { pointer }));
      expect(await send(provider)).toMatchObject({ ...MISCONFIGURED, vendorCode: '10002' });
      server.answerWith(telnyxError(422, '10002', { pointer: '/to' }));
      expect(await send(provider)).toMatchObject(DEAD);
    },
  );

  it.each(BARE_STATUSES)('status %i without a code that is known', async (status, expected) => {
    const { server, provider } = await started();
    server.answerWith({ status, body: '<html>no JSON</html>' });
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
    server.answerWith(telnyxError(status, '99999'));
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: '99999' });
  });

  it.each([
    ['no message', '{}'],
    ['no id', '{"data":{"record_type":"message"}}'],
    ['an id that is none', '{"data":{"id":17}}'],
  ])('may have sent it where it says yes with %s', async (_, body) => {
    const { server, provider } = await started();
    server.answerWith({ status: 200, body });
    expect(await send(provider)).toMatchObject({ ...MAY_HAVE_BEEN_SENT, vendorCode: 'invalid_answer' });
  });
});

describe("Telnyx's callbacks", () => {
  const { publicKey, privateKey } = newTelnyxKey();
  const reader = (over: Partial<TelnyxSettings> = {}): CallbackReader => {
    const settings = { id: 'telnyx', type: 'telnyx', apiKey: 'KEY', from: '+15005550006' };
    const { callbacks } = telnyx.create(Object.assign(new TelnyxSettings(), settings, over));
    if (!callbacks) throw new Error('There is no reader.');
    return callbacks;
  };
  const event = (event_type: string, payload: object): CallbackRequest =>
    postedAsJson({
      data: {
        record_type: 'event',
        id: '86f58db9-0fe3-4adc-9d1f-46e66e6e9323',
        event_type,
        occurred_at: '2026-01-02T03:04:05.678+00:00',
        payload: { record_type: 'message', ...payload },
      },
      meta: { attempt: 1, delivered_to: 'https://sms.example.com' },
    });
  const receipt = (status: string, errors: object[] = [], type = 'message.finalized'): CallbackRequest =>
    event(type, {
      direction: 'outbound',
      id: '40385f64-5717-4562-b3fc-2c963f66afa6',
      from: { phone_number: '+15005550006' },
      to: [{ phone_number: '+14155550100', status }],
      errors,
    });

  it('reads a receipt', () => {
    expect(reader().readStatus(receipt('delivered'))).toEqual([
      {
        vendorMessageId: '40385f64-5717-4562-b3fc-2c963f66afa6',
        reference: null,
        status: 'delivered',
        reason: null,
        vendorCode: null,
        at: new Date('2026-01-02T03:04:05.678Z'),
      },
    ]);
    expect(reader().readStatus(receipt('sent', [], 'message.sent'))).toMatchObject([{ status: 'accepted' }]);
  });

  it.each([
    ['queued', { status: 'accepted', reason: null, vendorCode: null }],
    ['sending', { status: 'accepted', reason: null, vendorCode: null }],
    ['sent', { status: 'accepted', reason: null, vendorCode: null }],
    ['delivery_unconfirmed', { status: 'accepted', reason: null, vendorCode: null }],
    ['delivered', { status: 'delivered', reason: null, vendorCode: null }],
    ['expired', { status: 'failed', reason: 'undelivered', vendorCode: 'expired' }],
    ['sending_failed', { status: 'failed', reason: 'undelivered', vendorCode: 'sending_failed' }],
    ['delivery_failed', { status: 'failed', reason: 'undelivered', vendorCode: 'delivery_failed' }],
  ])('knows the status %s', (status, expected) => {
    expect(reader().readStatus(receipt(status))).toMatchObject([expected]);
  });

  const CODES: Readonly<Record<string, string>> = {
    '40002': 'message_refused',
    '40003': 'message_refused',
    '40004': 'undelivered',
    '40005': 'undelivered',
    '40006': 'undelivered',
    '40008': 'undelivered',
    '40010': 'provider_misconfigured',
    '40011': 'undelivered',
    '40013': 'provider_misconfigured',
    '40014': 'undelivered',
    '40015': 'message_refused',
    '40016': 'undelivered',
    '40017': 'message_refused',
    '40018': 'undelivered',
  };
  it('has a test for every code', () => {
    expect(Object.keys(CODES)).toEqual(Object.keys(TELNYX_RECEIPT_CODES));
  });
  it.each([
    ...Object.entries(CODES),
    // As in the other table.
    ['40001', 'number_unreachable'],
    ['40009', 'message_refused'],
    ['40012', 'number_unreachable'],
    ['40300', 'opted_out'],
    ['40318', 'undelivered'],
    ['99999', 'undelivered'],
  ])('knows the code %s', (code, reason) => {
    const failed = receipt('delivery_failed', [{ code, title: 'Refused' }]);
    expect(reader().readStatus(failed)).toMatchObject([{ status: 'failed', reason, vendorCode: code }]);
  });

  it('has nothing to tell of other events, and of a status that nobody knows', () => {
    expect(reader().readStatus(event('message.received', {}))).toEqual([]);
    expect(reader().readStatus(receipt('pondering'))).toEqual([]);
    expect(reader().readInbound?.(receipt('delivered'))).toEqual([]);
  });

  it.each([
    ['no JSON', { ...receipt('sent'), body: Buffer.from('{"data"') }],
    ['no event', postedAsJson({ data: { payload: {} } })],
    ['no status', event('message.finalized', { id: 'x', to: [] })],
    ['no id', event('message.finalized', { to: [{ status: 'sent' }] })],
  ])('cannot read %s', (_, request) => {
    expect(() => reader().readStatus(request)).toThrow(UnreadableCallback);
  });

  const inbound = (from: object | undefined, text: string | null): CallbackRequest =>
    event('message.received', {
      direction: 'inbound',
      id: 'in-1',
      from,
      to: [{ phone_number: '+15005550006', status: 'webhook_delivered' }],
      text,
    });
  it('reads a text', () => {
    expect(reader().readInbound?.(inbound({ phone_number: '+14155550100' }, 'Stop'))).toEqual([
      { from: '+14155550100', to: '+15005550006', text: 'Stop', vendorMessageId: 'in-1' },
    ]);
  });
  it('has no text in a picture, nor from a short code, and cannot read one from nobody', () => {
    expect(reader().readInbound?.(inbound({ phone_number: '+14155550100' }, null))).toEqual([]);
    expect(reader().readInbound?.(inbound({ phone_number: '60999' }, 'Hello'))).toEqual([]);
    expect(() => reader().readInbound?.(inbound(undefined, 'Hello'))).toThrow(UnreadableCallback);
  });

  describe('are signed', () => {
    const now = (): number => Math.floor(Date.now() / 1_000);
    const bare = receipt('delivered');
    const signed = (timestamp: number, key = privateKey): CallbackRequest => ({
      ...bare,
      headers: { ...bare.headers, ...telnyxSignature(key, bare.body, timestamp) },
    });
    const isSigned = (request: CallbackRequest): boolean | undefined =>
      reader({ publicKey }).isSigned?.(request);

    it('with the key of the account', () => {
      expect(isSigned(signed(now()))).toBe(true);
      expect(isSigned(signed(now(), newTelnyxKey().privateKey))).toBe(false);
    });

    it('over the time and the body', () => {
      const request = signed(now());
      const other = Buffer.from(request.body.toString().replace('delivered', 'sent'));
      expect(isSigned({ ...request, body: other })).toBe(false);
      const later = { ...request.headers, 'telnyx-timestamp': String(now() + 1) };
      expect(isSigned({ ...request, headers: later })).toBe(false);
    });

    it('for five minutes', () => {
      expect(isSigned(signed(now() - 290))).toBe(true);
      expect(isSigned(signed(now() - 310))).toBe(false);
      expect(isSigned(signed(now() + 310))).toBe(false);
    });

    it.each(['telnyx-timestamp', 'telnyx-signature-ed25519'])('with %s', (name) => {
      const request = signed(now());
      expect(isSigned({ ...request, headers: { ...request.headers, [name]: undefined } })).toBe(false);
      expect(isSigned({ ...request, headers: { ...request.headers, [name]: 'x' } })).toBe(false);
    });

    it('unless no key is configured', () => {
      expect(reader().isSigned).toBeUndefined();
    });
  });
});
