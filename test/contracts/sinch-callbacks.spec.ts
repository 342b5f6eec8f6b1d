import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { UnreadableCallback, type CallbackRequest } from '../../src/providers/callback.js';
import {
  SINCH_DELIVERY_CODES,
  SINCH_REPORTS,
  sinchCallbacks,
} from '../../src/providers/sinch/sinch-callbacks.js';
import { postedAsJson, reasonOfEach } from '../support/sms-callback.js';

const reader = sinchCallbacks({});
const readStatus = (body: unknown): unknown => reader.readStatus(postedAsJson(body));

const REPORT = {
  type: 'recipient_delivery_report_sms',
  batch_id: '01FC66621XXXXX119Z8PMV1QPQ',
  recipient: '+14155550100',
  code: 0,
  status: 'Delivered',
  at: '2026-01-02T03:04:05.678Z',
  operator_status_at: '2026-01-02T03:04:05Z',
  client_reference: 'our-reference',
};
const report = {
  vendorMessageId: REPORT.batch_id,
  reference: 'our-reference',
  reason: null,
  at: new Date(REPORT.at),
};

describe('the Sinch callback reader reading delivery reports', () => {
  it('answers without a body of its own', () => {
    expect(reader.answer).toBeUndefined();
  });

  const STATUSES: Readonly<Record<string, readonly [string, string | null]>> = {
    Queued: ['accepted', null],
    Dispatched: ['accepted', null],
    Unknown: ['accepted', null],
    Delivered: ['delivered', null],
    Aborted: ['failed', 'undelivered'],
    Cancelled: ['failed', 'undelivered'],
    Rejected: ['failed', 'undelivered'],
    Failed: ['failed', 'undelivered'],
    Expired: ['failed', 'undelivered'],
    Deleted: ['failed', 'number_unreachable'],
  };
  it('lists the outcome of every status', () => {
    expect(Object.keys(STATUSES)).toEqual(Object.keys(SINCH_REPORTS));
  });
  it.each(Object.entries(STATUSES))('maps status %s', (word, [status, reason]) => {
    const expected = { ...report, status, reason, vendorCode: '5' };
    expect(readStatus({ ...REPORT, status: word, code: 5 })).toEqual([expected]);
    const { code: _, at: __, client_reference: ___, ...bare } = { ...REPORT, status: word };
    expect(readStatus(bare)).toEqual([{ ...expected, reference: null, at: null, vendorCode: word }]);
  });

  const REASONS: Readonly<Record<string, readonly number[]>> = {
    number_unreachable: [
      ...[9, 10, 61, 100, 150, 151, 152, 153, 154, 159, 200, 201, 202, 204, 205, 206],
      ...[300, 301, 302, 402],
    ],
    country_not_allowed: [412],
    opted_out: [254, 255],
    message_refused: [62, 405, 408],
    message_too_large: [343, 411],
    undelivered: [404, 406, 407],
    provider_over_quota: [64],
    provider_misconfigured: [60, 310, 311, 312, 410],
    no_credit: [413],
    provider_unavailable: [403],
  };
  const CODES = reasonOfEach(REASONS);
  it('lists the reason of every error code', () => {
    expect(CODES.map(([code]) => String(code)).sort()).toEqual(Object.keys(SINCH_DELIVERY_CODES).sort());
  });
  it.each(CODES)('maps error code %i to %s', (code, reason) => {
    expect(readStatus({ ...REPORT, status: 'Aborted', code })).toEqual([
      { ...report, status: 'failed', reason, vendorCode: String(code) },
    ]);
    expect(readStatus({ ...REPORT, status: 'Dispatched', code })).toMatchObject([
      { status: 'accepted', reason: null },
    ]);
  });

  it('reads a report on the whole batch', () => {
    const summary = {
      type: 'delivery_report_sms',
      batch_id: REPORT.batch_id,
      client_reference: 'our-reference',
      total_message_count: 1,
      statuses: [{ code: 412, count: 1, recipients: ['14155550100'], status: 'Aborted' }],
    };
    expect(readStatus(summary)).toEqual([
      { ...report, status: 'failed', reason: 'country_not_allowed', vendorCode: '412', at: null },
    ]);
    expect(readStatus({ ...summary, statuses: [] })).toEqual([]);
  });

  it.each([
    { ...REPORT, type: 'recipient_delivery_report_mms' },
    { ...REPORT, status: 'constructor' },
    { type: 'mo_text' },
  ])('ignores %j', (body) => {
    expect(readStatus(body)).toEqual([]);
  });

  it.each([
    'no JSON',
    '[]',
    {},
    { ...REPORT, batch_id: undefined },
    { ...REPORT, status: 7 },
    { type: 'delivery_report_sms', batch_id: 'b' },
  ])('rejects %j', (body) => {
    expect(() => readStatus(body)).toThrow(UnreadableCallback);
  });
});

describe('the Sinch callback reader checking a signature', () => {
  const KEY = 'foo_secret1234';
  const now = (): number => Math.floor(Date.now() / 1_000);
  const signed = (over: Readonly<Record<string, string | undefined>> = {}, key = KEY): CallbackRequest => {
    const request = postedAsJson(REPORT);
    const timestamp = over['x-sinch-webhook-signature-timestamp'] ?? String(now());
    const content = `${request.body.toString()}.01FJA8B4A7BM43YGWSG9GBV067.${timestamp}`;
    const headers = {
      ...request.headers,
      'x-sinch-webhook-signature': createHmac('sha256', key).update(content).digest('base64'),
      'x-sinch-webhook-signature-nonce': '01FJA8B4A7BM43YGWSG9GBV067',
      'x-sinch-webhook-signature-timestamp': timestamp,
      'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
    };
    return { ...request, headers: { ...headers, ...over } };
  };
  const isSigned = (request: CallbackRequest): unknown =>
    sinchCallbacks({ signatureSecret: KEY }).isSigned?.(request);

  it('covers the body, the nonce and the timestamp', () => {
    expect(isSigned(signed())).toBe(true);
    expect(isSigned(signed({}, 'another'))).toBe(false);
    expect(isSigned({ ...signed(), body: Buffer.from('{}') })).toBe(false);
    expect(isSigned(signed({ 'x-sinch-webhook-signature-nonce': 'another' }))).toBe(false);
    const request = signed();
    const headers = { ...request.headers, 'x-sinch-webhook-signature-timestamp': String(now() + 1) };
    expect(isSigned({ ...request, headers })).toBe(false);
    expect(isSigned(postedAsJson(REPORT))).toBe(false);
  });

  it('accepts timestamps of the last five minutes and HmacSHA256 only', () => {
    const at = (timestamp: number): CallbackRequest =>
      signed({ 'x-sinch-webhook-signature-timestamp': String(timestamp) });
    expect([now() - 290, now() + 290].map((time) => isSigned(at(time)))).toEqual([true, true]);
    expect([now() - 310, now() + 310].map((time) => isSigned(at(time)))).toEqual([false, false]);
    expect(isSigned(signed({ 'x-sinch-webhook-signature-timestamp': 'soon' }))).toBe(false);
    expect(isSigned(signed({ 'x-sinch-webhook-signature-algorithm': 'none' }))).toBe(false);
  });

  it('accepts callbackSecret as its key, which may stand in the callback URL instead', () => {
    const ours = sinchCallbacks({ callbackSecret: KEY });
    expect(ours.isSigned?.(signed())).toBe(true);
    expect(ours.secretOf?.(signed())).toBe('instead');
    expect(sinchCallbacks({ signatureSecret: 'other', callbackSecret: KEY }).isSigned?.(signed())).toBe(
      false,
    );
    expect(sinchCallbacks({ signatureSecret: KEY, callbackSecret: KEY }).secretOf).toBeUndefined();
    expect(sinchCallbacks({}).isSigned).toBeUndefined();
    expect(ours.nonceOf?.(signed())).toBe('01FJA8B4A7BM43YGWSG9GBV067');
  });
});

describe('the Sinch callback reader reading inbound SMS', () => {
  const INBOUND = {
    type: 'mo_text',
    id: '01FC66621XXXXX119Z8PMV1QPA',
    from: '14155550100',
    to: '11203453453',
    body: 'Stop bitte 👍',
    operator_id: '35000',
    received_at: '2026-01-02T03:04:05.678Z',
  };
  const read = (body: unknown): unknown => reader.readInbound?.(postedAsJson(body));
  const text = {
    ...{ from: '+14155550100', to: '11203453453', text: 'Stop bitte 👍' },
    vendorMessageId: INBOUND.id,
  };

  it('reads a sender with and without a plus sign', () => {
    expect(read(INBOUND)).toEqual([text]);
    const { to: _, id: __, ...bare } = INBOUND;
    expect(read({ ...bare, from: '+14155550100' })).toEqual([{ ...text, to: null, vendorMessageId: null }]);
  });

  it.each([
    ['binary', { type: 'mo_binary' }],
    ['of a short code', { from: '12345' }],
  ])('ignores an SMS that is %s', (_what, over) => {
    expect(read({ ...INBOUND, ...over })).toEqual([]);
  });

  it.each(['', '{}', { ...INBOUND, body: undefined }])('rejects %j', (body) => {
    expect(() => read(body)).toThrow(UnreadableCallback);
  });
});
