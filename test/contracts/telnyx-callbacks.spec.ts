import { describe, expect, it } from '@jest/globals';
import { TelnyxSettings } from '../../src/providers/telnyx/telnyx-settings.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
} from '../../src/providers/callback.js';
import { TELNYX_REPORT_CODES } from '../../src/providers/telnyx/telnyx-errors.js';
import { telnyx } from '../../src/providers/telnyx/telnyx.provider.js';
import { postedAsJson } from '../support/sms-callback.js';
import { newTelnyxKey, telnyxSignature } from '../support/telnyx-server.js';
import { callbackReader } from './sms-vendor.fixture.js';

describe('the Telnyx callback reader', () => {
  const { publicKey, privateKey } = newTelnyxKey();
  const reader = (over: Partial<TelnyxSettings> = {}): CallbackReader =>
    callbackReader(telnyx, TelnyxSettings, { apiKey: 'KEY', from: '+15005550006', ...over });
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
  const report = (status: string, errors: object[] = [], type = 'message.finalized'): CallbackRequest =>
    event(type, {
      direction: 'outbound',
      id: '40385f64-5717-4562-b3fc-2c963f66afa6',
      from: { phone_number: '+15005550006' },
      to: [{ phone_number: '+14155550100', status }],
      errors,
    });

  it('reads a delivery report', () => {
    expect(reader().readStatus(report('delivered'))).toEqual([
      {
        vendorMessageId: '40385f64-5717-4562-b3fc-2c963f66afa6',
        reference: null,
        status: 'delivered',
        reason: null,
        vendorCode: null,
        at: new Date('2026-01-02T03:04:05.678Z'),
      },
    ]);
    expect(reader().readStatus(report('sent', [], 'message.sent'))).toMatchObject([{ status: 'accepted' }]);
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
  ])('maps status %s', (status, expected) => {
    expect(reader().readStatus(report(status))).toMatchObject([expected]);
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
  it('lists the reason of every error code', () => {
    expect(Object.keys(CODES)).toEqual(Object.keys(TELNYX_REPORT_CODES));
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
  ])('maps error code %s', (code, reason) => {
    const failed = report('delivery_failed', [{ code, title: 'Refused' }]);
    expect(reader().readStatus(failed)).toMatchObject([{ status: 'failed', reason, vendorCode: code }]);
  });

  it('ignores other events and unknown statuses', () => {
    expect(reader().readStatus(event('message.received', {}))).toEqual([]);
    expect(reader().readStatus(report('pondering'))).toEqual([]);
    expect(reader().readInbound?.(report('delivered'))).toEqual([]);
  });

  it.each([
    ['no JSON', { ...report('sent'), body: Buffer.from('{"data"') }],
    ['no event', postedAsJson({ data: { payload: {} } })],
    ['no status', event('message.finalized', { id: 'x', to: [] })],
    ['no id', event('message.finalized', { to: [{ status: 'sent' }] })],
  ])('rejects a callback with %s', (_, request) => {
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
  it('reads an inbound SMS', () => {
    expect(reader().readInbound?.(inbound({ phone_number: '+14155550100' }, 'Stop'))).toEqual([
      { from: '+14155550100', to: '+15005550006', text: 'Stop', vendorMessageId: 'in-1', takenFor: 'stop' },
    ]);
  });
  it.each([
    ['as the event says', 'hola', 'START', 'start', 'start'],
    ['not at all, as the event says', 'STOP', null, undefined, undefined],
    ['by its words, where the event says nothing', 'Unstop', undefined, 'start', undefined],
    ['by no word of others', 'YES', undefined, undefined, undefined],
  ])('reports which opt-out keyword Telnyx has answered: %s', (_what, text, told, takenFor, ofAccount) => {
    const request = event('message.received', {
      ...{ id: 'in-1', from: { phone_number: '+14155550100' }, text, to: [] },
      ...(told === undefined ? {} : { autoresponse_type: told }),
    });
    const kinds = [{}, { answersOptOuts: false }].map(
      (settings) => reader(settings).readInbound?.(request)[0]?.takenFor,
    );
    expect(kinds).toEqual([takenFor, ofAccount]);
  });
  it('ignores pictures and short codes, and rejects an SMS without a sender', () => {
    expect(reader().readInbound?.(inbound({ phone_number: '+14155550100' }, null))).toEqual([]);
    expect(reader().readInbound?.(inbound({ phone_number: '60999' }, 'Hello'))).toEqual([]);
    expect(() => reader().readInbound?.(inbound(undefined, 'Hello'))).toThrow(UnreadableCallback);
  });

  describe('checking a signature', () => {
    const now = (): number => Math.floor(Date.now() / 1_000);
    const bare = report('delivered');
    const signed = (timestamp: number, key = privateKey): CallbackRequest => ({
      ...bare,
      headers: { ...bare.headers, ...telnyxSignature(key, bare.body, timestamp) },
    });
    const isSigned = (request: CallbackRequest): boolean | Promise<boolean> | undefined =>
      reader({ publicKey }).isSigned?.(request);

    it('accepts the key of the account only', () => {
      expect(isSigned(signed(now()))).toBe(true);
      expect(isSigned(signed(now(), newTelnyxKey().privateKey))).toBe(false);
    });

    it('covers the timestamp and the body', () => {
      const request = signed(now());
      const other = Buffer.from(request.body.toString().replace('delivered', 'sent'));
      expect(isSigned({ ...request, body: other })).toBe(false);
      const later = { ...request.headers, 'telnyx-timestamp': String(now() + 1) };
      expect(isSigned({ ...request, headers: later })).toBe(false);
    });

    it('accepts timestamps of the last five minutes', () => {
      expect(isSigned(signed(now() - 290))).toBe(true);
      expect(isSigned(signed(now() - 310))).toBe(false);
      expect(isSigned(signed(now() + 310))).toBe(false);
    });

    it.each(['telnyx-timestamp', 'telnyx-signature-ed25519'])('requires the header %s', (name) => {
      const request = signed(now());
      expect(isSigned({ ...request, headers: { ...request.headers, [name]: undefined } })).toBe(false);
      expect(isSigned({ ...request, headers: { ...request.headers, [name]: 'x' } })).toBe(false);
    });

    it('is off without a configured key', () => {
      expect(reader().isSigned).toBeUndefined();
    });
  });
});
