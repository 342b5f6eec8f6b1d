import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { VonageSettings } from '../../src/providers/vonage/vonage-settings.js';
import { UnreadableCallback, type CallbackReader } from '../../src/providers/callback.js';
import { VONAGE_REPORT_CODES } from '../../src/providers/vonage/vonage-errors.js';
import { vonage } from '../../src/providers/vonage/vonage.provider.js';
import { calledByGet, postedAsForm, postedAsJson } from '../support/sms-callback.js';
import { callbackReader } from './sms-vendor.fixture.js';

const CALLS = [
  ['in a query', calledByGet],
  ['as a form', postedAsForm],
  ['as JSON', postedAsJson],
] as const;
const REFERENCE = '01234567-89ab-7def-8123-000000000001-1';

describe('the Vonage callback reader', () => {
  const reader = (over: Partial<VonageSettings> = {}): CallbackReader => {
    const account = { apiKey: 'abcd1234', apiSecret: 'secret', from: 'Bellhop' };
    return callbackReader(vonage, VonageSettings, { ...account, ...over });
  };
  const REPORT = {
    msisdn: '447700900000',
    to: 'Bellhop',
    'network-code': '23410',
    messageId: '0A0000001234567B',
    price: '0.03330000',
    status: 'delivered',
    scts: '2001011400',
    'err-code': '0',
    'api-key': 'abcd1234',
    'client-ref': REFERENCE,
    'message-timestamp': '2020-01-01 14:00:12',
  };

  it.each(CALLS)('reads a delivery report %s', (_, call) => {
    expect(reader().readStatus(call(REPORT))).toEqual([
      {
        vendorMessageId: '0A0000001234567B',
        reference: REFERENCE,
        status: 'delivered',
        reason: null,
        vendorCode: null,
        at: new Date('2020-01-01T14:00:12Z'),
      },
    ]);
  });

  it.each([
    ['accepted', { status: 'accepted', reason: null, vendorCode: null }],
    ['buffered', { status: 'accepted', reason: null, vendorCode: null }],
    ['unknown', { status: 'accepted', reason: null, vendorCode: null }],
    ['delivered', { status: 'delivered', reason: null, vendorCode: null }],
    ['expired', { status: 'failed', reason: 'undelivered', vendorCode: 'expired' }],
    ['failed', { status: 'failed', reason: 'undelivered', vendorCode: 'failed' }],
    ['rejected', { status: 'failed', reason: 'message_refused', vendorCode: 'rejected' }],
    ['deleted', { status: 'failed', reason: 'undelivered', vendorCode: 'deleted' }],
  ])('maps status %s', (status, expected) => {
    expect(reader().readStatus(postedAsJson({ ...REPORT, status }))).toMatchObject([expected]);
  });

  const CODES: Readonly<Record<string, string>> = {
    '1': 'undelivered',
    '2': 'undelivered',
    '3': 'number_unreachable',
    '4': 'number_unreachable',
    '5': 'undelivered',
    '6': 'message_refused',
    '7': 'undelivered',
    '8': 'undelivered',
    '9': 'opted_out',
    '10': 'message_refused',
    '11': 'undelivered',
    '12': 'number_unreachable',
    '13': 'message_refused',
    '14': 'number_unreachable',
    '15': 'undelivered',
    '50': 'provider_misconfigured',
    '51': 'provider_misconfigured',
    '52': 'provider_misconfigured',
    '53': 'message_refused',
    '54': 'message_refused',
    '99': 'undelivered',
  };
  it('lists the reason of every error code', () => {
    expect(Object.keys(CODES)).toEqual(Object.keys(VONAGE_REPORT_CODES));
  });
  it.each(Object.entries(CODES))('maps error code %s', (code, reason) => {
    const report = { ...REPORT, status: 'failed', 'err-code': code };
    expect(reader().readStatus(postedAsForm(report))).toMatchObject([
      { status: 'failed', reason, vendorCode: code },
    ]);
  });

  it('ignores an unknown status', () => {
    expect(reader().readStatus(postedAsJson({ ...REPORT, status: 'pondering' }))).toEqual([]);
  });

  it.each([
    ['no id', postedAsJson({ status: 'delivered' })],
    ['no status', postedAsForm({ messageId: '0A' })],
    ['no JSON', { ...postedAsJson({}), body: Buffer.from('{"messageId"') }],
  ])('rejects a delivery report with %s', (_, request) => {
    expect(() => reader().readStatus(request)).toThrow(UnreadableCallback);
  });

  const INBOUND = {
    msisdn: '447700900001',
    to: '447700900000',
    messageId: '0A0000000123ABCD1',
    text: 'Stop & wait=no',
    type: 'text',
    keyword: 'STOP',
    'message-timestamp': '2020-01-01 12:00:00',
    'api-key': 'abcd1234',
  };
  it.each(CALLS)('reads an inbound SMS %s', (_, call) => {
    expect(reader().readInbound?.(call(INBOUND))).toEqual([
      {
        from: '+447700900001',
        to: '447700900000',
        text: 'Stop & wait=no',
        vendorMessageId: '0A0000000123ABCD1',
      },
    ]);
  });
  it('ignores binary messages and short codes, and rejects an SMS without a sender', () => {
    const { text: _, ...binary } = INBOUND;
    expect(reader().readInbound?.(postedAsForm({ ...binary, type: 'binary', data: '00' }))).toEqual([]);
    expect(reader().readInbound?.(postedAsForm({ ...INBOUND, msisdn: '60999' }))).toEqual([]);
    expect(() => reader().readInbound?.(postedAsForm({ text: 'Hello' }))).toThrow(UnreadableCallback);
  });

  describe('checking a signature', () => {
    const signatureSecret = 'signature-secret';
    const METHODS = ['md5hash', 'md5', 'sha1', 'sha256', 'sha512'] as const;
    const now = (): number => Math.floor(Date.now() / 1_000);
    /** Signs as Vonage's page describes, independently of the code under test. */
    const signed = (method: (typeof METHODS)[number], timestamp: number, text = 'a&b=c'): object => {
      const fields = { timestamp: String(timestamp), nonce: 'n-1', msisdn: '447700900001', text };
      const line = `&msisdn=447700900001&nonce=n-1&text=${text.replaceAll(/[&=]/g, '_')}&timestamp=${timestamp}`;
      const hash =
        method === 'md5hash'
          ? createHash('md5').update(line + signatureSecret)
          : createHmac(method, signatureSecret).update(line);
      return { ...fields, sig: hash.digest('hex') };
    };

    it.each(METHODS.flatMap((method) => CALLS.map(([where, call]) => [method, where, call] as const)))(
      'accepts a valid %s signature %s',
      (signatureMethod, _, call) => {
        const { isSigned } = reader({ signatureSecret, signatureMethod });
        const fields = signed(signatureMethod, now()) as Record<string, string>;
        expect(isSigned?.(call(fields))).toBe(true);
        expect(isSigned?.(call({ ...fields, sig: fields['sig']?.toUpperCase() ?? '' }))).toBe(true);
        expect(isSigned?.(call({ ...fields, text: 'tampered with' }))).toBe(false);
        expect(isSigned?.(call({ ...fields, more: 'than was signed' }))).toBe(false);
        expect(isSigned?.(call({ ...fields, sig: 'ab'.repeat(16) }))).toBe(false);
        const { sig: _sig, ...unsigned } = fields;
        expect(isSigned?.(call(unsigned))).toBe(false);
      },
    );

    it('accepts sha256 by default, and no other method', () => {
      const { isSigned } = reader({ signatureSecret });
      expect(isSigned?.(postedAsJson(signed('sha256', now())))).toBe(true);
      for (const method of ['md5hash', 'md5', 'sha1', 'sha512'] as const) {
        expect(isSigned?.(postedAsJson(signed(method, now())))).toBe(false);
      }
    });

    it('accepts timestamps of the last five minutes', () => {
      const { isSigned } = reader({ signatureSecret });
      expect(isSigned?.(postedAsJson(signed('sha256', now() - 290)))).toBe(true);
      expect(isSigned?.(postedAsJson(signed('sha256', now() - 310)))).toBe(false);
      expect(isSigned?.(postedAsJson(signed('sha256', now() + 310)))).toBe(false);
    });

    it('refuses an unreadable body and another secret', () => {
      const { isSigned } = reader({ signatureSecret });
      expect(isSigned?.({ ...postedAsJson({}), body: Buffer.from('{') })).toBe(false);
      const other = reader({ signatureSecret: 'another' });
      expect(other.isSigned?.(postedAsJson(signed('sha256', now())))).toBe(false);
    });

    it('is off without a configured secret', () => {
      expect(reader().isSigned).toBeUndefined();
    });
  });
});
