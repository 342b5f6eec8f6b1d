import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PlivoSettings } from '../../src/providers/plivo/plivo-settings.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
} from '../../src/providers/callback.js';
import { PLIVO_REPORT_CODES } from '../../src/providers/plivo/plivo-errors.js';
import { plivo } from '../../src/providers/plivo/plivo.provider.js';
import { calledByGet, postedAsForm } from '../support/sms-callback.js';
import { callbackReader } from './sms-vendor.fixture.js';

describe('the Plivo callback reader', () => {
  const reader = (authToken = 'my_auth_token', over: Partial<PlivoSettings> = {}): CallbackReader =>
    callbackReader(plivo, PlivoSettings, { authId: 'MA1', authToken, from: '+15005550006', ...over });
  const REPORT = {
    From: '15005550006',
    To: '14155550100',
    MessageUUID: 'db3ce55a-7f1d-11e1-8ea7-1231380bc196',
    Type: 'sms',
    Status: 'delivered',
    Units: '1',
    ErrorCode: '000',
    Sequence: '3',
    QueuedTime: '2026-01-02 03:04:04.000001',
    SentTime: '2026-01-02 03:04:05.000002',
    DeliveryReportTime: '2026-01-02 03:04:06.789012',
  };

  it.each([
    ['as a form', postedAsForm],
    ['in a query', calledByGet],
  ])('reads a delivery report %s', (_, call) => {
    expect(reader().readStatus(call(REPORT))).toEqual([
      {
        vendorMessageId: 'db3ce55a-7f1d-11e1-8ea7-1231380bc196',
        reference: null,
        status: 'delivered',
        reason: null,
        vendorCode: null,
        at: new Date('2026-01-02T03:04:06.789Z'),
      },
    ]);
  });

  it('takes the latest timestamp of a delivery report', () => {
    const { DeliveryReportTime: _, ...sent } = REPORT;
    expect(reader().readStatus(postedAsForm({ ...sent, Status: 'sent' }))).toMatchObject([
      { status: 'accepted', at: new Date('2026-01-02T03:04:05.000Z') },
    ]);
    expect(reader().readStatus(postedAsForm({ MessageUUID: 'x', Status: 'queued' }))).toMatchObject([
      { status: 'accepted', at: null },
    ]);
  });

  it.each([
    ['queued', { status: 'accepted', reason: null, vendorCode: null }],
    ['sent', { status: 'accepted', reason: null, vendorCode: null }],
    ['delivered', { status: 'delivered', reason: null, vendorCode: null }],
    ['read', { status: 'delivered', reason: null, vendorCode: null }],
    ['failed', { status: 'failed', reason: 'undelivered', vendorCode: 'failed' }],
    ['undelivered', { status: 'failed', reason: 'undelivered', vendorCode: 'undelivered' }],
    ['rejected', { status: 'failed', reason: 'undelivered', vendorCode: 'rejected' }],
  ])('maps status %s', (Status, expected) => {
    expect(reader().readStatus(postedAsForm({ ...REPORT, Status }))).toMatchObject([expected]);
  });

  const CODES: Readonly<Record<string, string>> = {
    '10': 'message_refused',
    '20': 'undelivered',
    '30': 'message_refused',
    '40': 'provider_misconfigured',
    '50': 'number_unreachable',
    '60': 'undelivered',
    '70': 'number_unreachable',
    '80': 'undelivered',
    '90': 'undelivered',
    '100': 'number_unreachable',
    '110': 'message_too_large',
    '200': 'opted_out',
    '201': 'country_not_allowed',
    '420': 'undelivered',
    '450': 'country_not_allowed',
    '900': 'no_credit',
    '1000': 'undelivered',
  };
  it('lists the reason of every error code', () => {
    expect(Object.keys(CODES)).toEqual(Object.keys(PLIVO_REPORT_CODES));
  });
  it.each(Object.entries(CODES))('maps error code %s', (ErrorCode, reason) => {
    expect(reader().readStatus(postedAsForm({ ...REPORT, Status: 'undelivered', ErrorCode }))).toMatchObject([
      { status: 'failed', reason, vendorCode: ErrorCode },
    ]);
  });

  it('ignores an unknown status and rejects a missing one', () => {
    expect(reader().readStatus(postedAsForm({ ...REPORT, Status: 'pondering' }))).toEqual([]);
    expect(() => reader().readStatus(postedAsForm({ MessageUUID: 'x' }))).toThrow(UnreadableCallback);
    expect(() => reader().readStatus(postedAsForm({ Status: 'sent' }))).toThrow(UnreadableCallback);
  });

  const INBOUND = { From: '14155550100', To: '15005550006', Type: 'sms', Text: 'Stop', MessageUUID: 'm-1' };
  it('reads an inbound SMS and answers with none', () => {
    const callbacks = reader();
    expect(callbacks.readInbound?.(postedAsForm(INBOUND))).toEqual([
      { from: '+14155550100', to: '15005550006', text: 'Stop', vendorMessageId: 'm-1', takenFor: 'stop' },
    ]);
    expect(callbacks.answer).toEqual({ contentType: 'application/xml', body: '<Response></Response>' });
  });
  it('ignores short codes and rejects an SMS without a sender', () => {
    expect(reader().readInbound?.(postedAsForm({ ...INBOUND, From: '60999' }))).toEqual([]);
    expect(() => reader().readInbound?.(postedAsForm({ Text: 'Hello' }))).toThrow(UnreadableCallback);
  });

  it('reports which opt-out keywords Plivo has answered', () => {
    const takenFor = (Text: string, settings: Partial<PlivoSettings> = {}): unknown =>
      reader('token', settings)
        .readInbound?.(postedAsForm({ ...INBOUND, Text }))
        .map((text) => text.takenFor);
    expect(['Stop', 'YES', 'resume', 'Info', 'hello'].map((text) => takenFor(text))).toEqual([
      ...[['stop'], ['start'], ['start'], ['help'], [undefined]],
    ]);
    expect(takenFor('STOP', { answersOptOuts: false })).toEqual([undefined]);
  });

  it('requires the secret beside a version 2 signature, and names the nonce of both versions', () => {
    const v2 = postedAsForm(REPORT, { 'x-plivo-signature-v2-nonce': 'n-2' });
    const v3 = postedAsForm(REPORT, {
      'x-plivo-signature-v2-nonce': 'n-2',
      'x-plivo-signature-v3-nonce': 'n-3',
    });
    expect([v2, v3].map((request) => reader().secretOf?.(request))).toEqual(['beside', undefined]);
    expect([v2, v3].map((request) => reader().nonceOf?.(request))).toEqual(['n-2', 'n-3']);
  });

  describe('checking a version 2 signature', () => {
    const signed = (signature: string, nonce = '12345'): Record<string, string> => ({
      'x-plivo-signature-v2': signature,
      'x-plivo-signature-v2-nonce': nonce,
    });

    it('accepts the test vector of the Plivo SDK', () => {
      // plivo-node, test/utils.js
      const request = {
        ...postedAsForm(REPORT, signed('ehV3IKhLysWBxC1sy8INm0qGoQYdYsHwuoKjsX7FsXc=')),
        url: 'https://answer.url',
      };
      expect(reader().isSigned?.(request)).toBe(true);
      expect(reader('my_auth_tokens').isSigned?.(request)).toBe(false);
    });

    it('covers the URL without its query, and the nonce', () => {
      const { isSigned } = reader();
      const line = 'https://sms.example.com/callbacks/app123/sms/vendor/status12345';
      const signature = createHmac('sha256', 'my_auth_token').update(line).digest('base64');
      expect(isSigned?.(postedAsForm(REPORT, signed(signature)))).toBe(true);
      expect(isSigned?.(postedAsForm(REPORT, signed(signature), { secret: 'sixteen-characters' }))).toBe(
        true,
      );
      expect(isSigned?.(calledByGet(REPORT, signed(signature)))).toBe(true);
      expect(isSigned?.(postedAsForm(REPORT, signed(`other,${signature}`)))).toBe(true);
      const byMainAccount = { ...signed(''), 'x-plivo-signature-ma-v2': signature };
      expect(isSigned?.(postedAsForm(REPORT, byMainAccount))).toBe(true);
      expect(isSigned?.(postedAsForm(REPORT, signed(signature, '123456')))).toBe(false);
      const elsewhere = { ...postedAsForm(REPORT, signed(signature)), url: 'https://sms.example.com/other' };
      expect(isSigned?.(elsewhere)).toBe(false);
      expect(reader('another_token').isSigned?.(postedAsForm(REPORT, signed(signature)))).toBe(false);
    });

    it('refuses a request without a signature', () => {
      const { isSigned } = reader();
      expect(isSigned?.(postedAsForm(REPORT))).toBe(false);
      expect(isSigned?.(postedAsForm(REPORT, signed('')))).toBe(false);
      expect(isSigned?.(postedAsForm(REPORT, signed('', '')))).toBe(false);
    });
  });

  describe('checking a version 3 signature', () => {
    const BASE = 'https://sms.example.com/callbacks/app123/sms/vendor/status';
    /** Signs a literal line, independently of the code under test. */
    const sign = (line: string): Record<string, string> => ({
      'x-plivo-signature-v3': createHmac('sha256', 'my_auth_token').update(line).digest('base64'),
      'x-plivo-signature-v3-nonce': 'n-1',
    });
    const isSigned = (request: CallbackRequest): boolean | Promise<boolean> | undefined =>
      reader().isSigned?.(request);
    const fields = { To: '14155550100', Status: 'sent', From: '15005550006' };

    it('covers the URL and the fields of a form', () => {
      const headers = sign(`${BASE}?From15005550006StatussentTo14155550100.n-1`);
      expect(isSigned(postedAsForm(fields, headers))).toBe(true);
      expect(isSigned(postedAsForm({ ...fields, Status: 'failed' }, headers))).toBe(false);
      expect(isSigned(postedAsForm(fields, headers, { more: 'than was signed' }))).toBe(false);
      expect(isSigned(postedAsForm(fields, { ...headers, 'x-plivo-signature-v3-nonce': 'n-2' }))).toBe(false);
    });

    it('covers the query of the URL and the fields of a form', () => {
      const headers = sign(`${BASE}?a=1&b=2.From15005550006StatussentTo14155550100.n-1`);
      expect(isSigned(postedAsForm(fields, headers, { b: '2', a: '1' }))).toBe(true);
    });

    it('covers the query of a GET request', () => {
      const headers = sign(`${BASE}?From=15005550006&Status=sent&To=14155550100.n-1`);
      expect(isSigned(calledByGet(fields, headers))).toBe(true);
      expect(isSigned(calledByGet({ ...fields, To: '14155550101' }, headers))).toBe(false);
    });

    it('covers the URL of a request without fields', () => {
      expect(isSigned(postedAsForm({}, sign(`${BASE}.n-1`)))).toBe(true);
    });

    it('refuses a valid version 2 signature beside an invalid version 3 one', () => {
      const v2 = createHmac('sha256', 'my_auth_token').update(`${BASE}n-1`).digest('base64');
      const headers = { 'x-plivo-signature-v2': v2, 'x-plivo-signature-v2-nonce': 'n-1' };
      expect(isSigned(postedAsForm(fields, { ...headers, ...sign('something else') }))).toBe(false);
    });
  });
});
