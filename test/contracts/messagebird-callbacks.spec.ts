import { createHmac } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { MessageBirdSettings } from '../../src/providers/messagebird/messagebird-settings.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
} from '../../src/providers/callback.js';
import {
  MESSAGEBIRD_REPORT_CODES,
  MESSAGEBIRD_REPORT_REASONS,
} from '../../src/providers/messagebird/messagebird-errors.js';
import { messagebird } from '../../src/providers/messagebird/messagebird.provider.js';
import { messageBirdToken } from '../support/messagebird-server.js';
import { calledByGet, postedAsForm, postedAsJson } from '../support/sms-callback.js';
import { callbackReader } from './sms-vendor.fixture.js';

const REFERENCE = '01234567-89ab-7def-8123-000000000001-1';

describe('the MessageBird callback reader', () => {
  const reader = (over: Partial<MessageBirdSettings> = {}): CallbackReader =>
    callbackReader(messagebird, MessageBirdSettings, { accessKey: 'key', from: 'Bellhop', ...over });
  const REPORT = {
    id: 'e8077d803532c0b5937c639b60216938',
    reference: REFERENCE,
    recipient: '31612345678',
    status: 'delivered',
    statusReason: 'successfully delivered',
    statusDatetime: '2026-01-02T03:04:05+00:00',
    statusErrorCode: '0',
  };
  const failed = (over: Readonly<Record<string, string>>): CallbackRequest =>
    calledByGet({ ...REPORT, status: 'delivery_failed', ...over });

  it('reads a delivery report and answers OK', () => {
    const callbacks = reader();
    expect(callbacks.readStatus(calledByGet(REPORT))).toEqual([
      {
        vendorMessageId: 'e8077d803532c0b5937c639b60216938',
        reference: REFERENCE,
        status: 'delivered',
        reason: null,
        vendorCode: null,
        at: new Date('2026-01-02T03:04:05Z'),
      },
    ]);
    expect(callbacks.answer).toEqual({ contentType: 'text/plain', body: 'OK' });
  });

  it('reads a timestamp whose plus sign is not encoded', () => {
    const url = `https://sms.example.com/?id=x&status=sent&statusDatetime=2026-01-02T05:04:05+02:00`;
    const request = { ...calledByGet({}), url, query: new URL(url).searchParams };
    expect(reader().readStatus(request)).toMatchObject([
      { at: new Date('2026-01-02T03:04:05Z'), reference: null },
    ]);
  });

  it.each([
    ['scheduled', { status: 'accepted', reason: null, vendorCode: null }],
    ['sent', { status: 'accepted', reason: null, vendorCode: null }],
    ['buffered', { status: 'accepted', reason: null, vendorCode: null }],
    ['delivered', { status: 'delivered', reason: null, vendorCode: null }],
    ['expired', { status: 'failed', reason: 'undelivered', vendorCode: 'expired' }],
    ['delivery_failed', { status: 'failed', reason: 'undelivered', vendorCode: 'delivery failed' }],
  ])('maps status %s', (status, expected) => {
    const { id, reference } = REPORT;
    expect(reader().readStatus(calledByGet({ id, reference, status }))).toMatchObject([expected]);
  });

  const CODES: Readonly<Record<string, string>> = {
    '1': 'number_unreachable',
    '5': 'number_unreachable',
    '103': 'opted_out',
  };
  const REASONS: Readonly<Record<string, string>> = {
    'unknown subscriber': 'number_unreachable',
    'incorrect number': 'number_unreachable',
    'unavailable subscriber': 'undelivered',
    'opted out': 'opted_out',
    'carrier rejected': 'message_refused',
    'insufficient balance': 'no_credit',
    'received network error': 'undelivered',
    'capacity limit reached': 'undelivered',
    'dlr not received': 'undelivered',
    'generic delivery failure': 'undelivered',
    expired: 'undelivered',
  };
  it('lists the reason of every error code and status reason', () => {
    expect(Object.keys(CODES)).toEqual(Object.keys(MESSAGEBIRD_REPORT_CODES));
    expect(Object.keys(REASONS)).toEqual(Object.keys(MESSAGEBIRD_REPORT_REASONS));
  });
  it.each(Object.entries(CODES))(
    'maps error code %s, whatever the status reason',
    (statusErrorCode, reason) => {
      const request = failed({ statusErrorCode, statusReason: 'generic delivery failure' });
      expect(reader().readStatus(request)).toMatchObject([{ reason, vendorCode: statusErrorCode }]);
    },
  );
  it.each(Object.entries(REASONS))('maps status reason %s', (words, reason) => {
    expect(reader().readStatus(failed({ statusReason: words }))).toMatchObject([
      { reason, vendorCode: words },
    ]);
    const shouted = failed({ statusReason: words.replaceAll(' ', '_').toUpperCase(), statusErrorCode: '34' });
    expect(reader().readStatus(shouted)).toMatchObject([{ reason, vendorCode: '34' }]);
  });

  it('ignores an unknown status and rejects a missing one', () => {
    expect(reader().readStatus(calledByGet({ ...REPORT, status: 'pondering' }))).toEqual([]);
    expect(() => reader().readStatus(calledByGet({ id: 'x' }))).toThrow(UnreadableCallback);
    expect(() => reader().readStatus(calledByGet({ status: 'sent' }))).toThrow(UnreadableCallback);
  });

  it.each([
    ['of a flow', { originator: '31612345678', recipient: '31970123456', payload: 'Stop', id: 'm-1' }],
    ['of a number', { originator: '+31612345678', recipient: '31970123456', body: 'Stop', id: 'm-1' }],
    ['of a short code', { originator: '31612345678', shortcode: '31970123456', message: 'Stop', mid: 'm-1' }],
  ])('reads an inbound SMS %s', (_, fields) => {
    for (const call of [calledByGet, postedAsForm, postedAsJson]) {
      expect(reader().readInbound?.(call(fields))).toEqual([
        { from: '+31612345678', to: '31970123456', text: 'Stop', vendorMessageId: 'm-1' },
      ]);
    }
  });
  it('ignores alphanumeric senders and rejects an SMS without a sender', () => {
    expect(reader().readInbound?.(calledByGet({ originator: 'Bank', body: 'Hello' }))).toEqual([]);
    expect(reader().readInbound?.(calledByGet({ originator: '31612345678' }))).toEqual([]);
    expect(() => reader().readInbound?.(calledByGet({ body: 'Hello' }))).toThrow(UnreadableCallback);
  });

  describe('checking a signature', () => {
    const signingKey = 'PlLrKaqvZNRR5zAjm42ZT6q1SQxgbbGd';
    const REQUESTS = [
      ['in a query', calledByGet(REPORT)],
      ['as a form', postedAsForm(REPORT)],
      ['as JSON', postedAsJson(REPORT)],
    ] as const;
    const holds = (
      request: CallbackRequest,
      token: string | undefined,
    ): boolean | Promise<boolean> | undefined => {
      const headers = { ...request.headers, 'messagebird-signature-jwt': token };
      return reader({ signingKey }).isSigned?.({ ...request, headers });
    };
    const now = Math.floor(Date.now() / 1_000);

    it.each(REQUESTS)('covers the URL and the body %s', (_, request) => {
      const token = messageBirdToken(request, signingKey);
      expect(holds(request, token)).toBe(true);
      expect(holds({ ...request, url: `${request.url}&status=delivered` }, token)).toBe(false);
      expect(holds({ ...request, body: Buffer.from('{}') }, token)).toBe(false);
      expect(holds(request, messageBirdToken(request, 'another key'))).toBe(false);
    });

    it('covers the absence of a body', () => {
      const request = postedAsJson(REPORT);
      expect(holds({ ...request, body: Buffer.alloc(0) }, messageBirdToken(request, signingKey))).toBe(false);
    });

    it.each([
      ['over', { exp: now - 10 }],
      ['not begun', { nbf: now + 30 }],
      ['without an end', { exp: undefined }],
      ["somebody else's", { iss: 'Somebody' }],
      ['without an address', { url_hash: undefined }],
      ['of an address that is no hash', { url_hash: 'x' }],
    ])('refuses a token that is %s', (_, claims) => {
      const request = calledByGet(REPORT);
      expect(holds(request, messageBirdToken(request, signingKey, claims))).toBe(false);
    });

    it.each(['HS256', 'HS384', 'HS512'] as const)('accepts algorithm %s', (algorithm) => {
      for (const [, request] of REQUESTS) {
        expect(holds(request, messageBirdToken(request, signingKey, {}, algorithm))).toBe(true);
        expect(holds(request, messageBirdToken(request, 'another key', {}, algorithm))).toBe(false);
      }
    });

    it('refuses algorithms other than the one in the header, none, and asymmetric ones', () => {
      const request = calledByGet(REPORT);
      expect(holds(request, messageBirdToken(request, signingKey, {}, 'none'))).toBe(false);
      const [, claims = ''] = messageBirdToken(request, signingKey).split('.');
      const saying = (alg: unknown, hash: string): string => {
        const other = Buffer.from(JSON.stringify({ alg, typ: 'JWT' })).toString('base64url');
        const signature = createHmac(hash, signingKey).update(`${other}.${claims}`).digest('base64url');
        return `${other}.${claims}.${signature}`;
      };
      expect(holds(request, saying('HS512', 'sha512'))).toBe(true);
      for (const alg of ['HS384', 'HS256', 'RS256', 'ES512', 'hs512', 'none', '', null, undefined, {}])
        expect(holds(request, saying(alg, 'sha512'))).toBe(false);
    });

    it.each([undefined, '', 'a.b', 'a.b.c', 'a.b.c.d'])('refuses the malformed token %p', (token) => {
      expect(holds(calledByGet(REPORT), token)).toBe(false);
    });

    it('accepts the test vector of the MessageBird SDK', () => {
      // messagebird-nodejs, lib/testdata/webhook-signature-jwt-reference.json: without parameters or payload.
      const token =
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI1OWEyNDRkYy1lOWFkLTRlMjMtOTc3OC0zNzFmYWEyMzhmNzIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.6Fp0rVOsRr1fj9S2GidXAfkmPVofKr8_RTffC6G6r2E';
      const { isSigned } = reader({
        signingKey: '36efdd1aace2e26cd490f0d951138253bef2f7c6d34d18981da781555cc4cebb',
      });
      const headers = { 'messagebird-signature-jwt': token };
      const request = { ...calledByGet({}, headers), url: 'https://example.com/' };
      const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2021-07-05T12:00:00+02:00'));
      try {
        expect(isSigned?.(request)).toBe(true);
      } finally {
        clock.mockRestore();
      }
      expect(isSigned?.(request)).toBe(false);
    });

    it('is off without a configured key', () => {
      expect(reader().isSigned).toBeUndefined();
    });
  });
});
