import { describe, expect, it } from '@jest/globals';
import { HttpSmsSettings } from '../../src/providers/http/http-settings.js';
import { UnreadableCallback, type CallbackRequest } from '../../src/providers/callback.js';
import { httpCallbacks } from '../../src/providers/http/http-callbacks.js';

const callbacks = httpCallbacks(new HttpSmsSettings());

const called = (query: string, type?: string, body = ''): CallbackRequest => ({
  method: type === undefined ? 'GET' : 'POST',
  url: `https://bellhop.example.com/callbacks/app123/sms/gw/status?${query}`,
  query: new URLSearchParams(query),
  headers: { 'content-type': type },
  body: Buffer.from(body),
});
const JSON_TYPE = 'application/json; charset=utf-8';
const FORM = 'application/x-www-form-urlencoded';

const status = (request: CallbackRequest): unknown => callbacks.readStatus(request);
const inbound = (request: CallbackRequest): unknown => callbacks.readInbound?.(request);
const REPORT = {
  vendorMessageId: 'm-1',
  reference: null,
  status: 'delivered',
  reason: null,
  vendorCode: null,
  at: null,
};

describe('the HTTP callback reader reading delivery reports', () => {
  it.each([
    ['a query', called('id=m-1&status=delivered')],
    ['a form', called('', FORM, 'id=m-1&status=delivered')],
    ['JSON', called('', JSON_TYPE, '{"id":"m-1","status":"DELIVERED","more":{"a":1}}')],
    ['JSON, the rest in the query', called('status=delivered', JSON_TYPE, '{"id":"m-1"}')],
    ['a query, beside a body of another kind', called('id=m-1&status=delivered', 'text/plain', 'id=m-2')],
    ['a form that goes before the query', called('id=m-2&status=failed', FORM, 'id=m-1&status=delivered')],
  ])('reads a report from %s', (_, request) => {
    expect(status(request)).toEqual([REPORT]);
  });

  it('takes the message id, the reference, or both', () => {
    expect(status(called('reference=r-1&status=delivered'))).toMatchObject([
      { vendorMessageId: 'r-1', reference: 'r-1' },
    ]);
    expect(status(called('id=m-1&reference=r-1&status=delivered'))).toMatchObject([
      { vendorMessageId: 'm-1', reference: 'r-1' },
    ]);
    expect(status(called('', JSON_TYPE, '{"id":12345,"status":"delivered"}'))).toMatchObject([
      { vendorMessageId: '12345' },
    ]);
  });

  it('reads several reports of one request', () => {
    const body = '[{"id":"m-1","status":"delivered"},{"id":"m-2","status":"failed","code":"EC5"}]';
    expect(status(called('', JSON_TYPE, body))).toEqual([
      REPORT,
      { ...REPORT, vendorMessageId: 'm-2', status: 'failed', reason: 'undelivered', vendorCode: 'EC5' },
    ]);
    expect(status(called('', JSON_TYPE, '[]'))).toEqual([]);
  });

  it.each([
    ['status=accepted', 'accepted', null],
    ['status=delivered', 'delivered', null],
    ['status=failed', 'failed', 'undelivered'],
    // Kannel's numbers
    ['type=1', 'delivered', null],
    ['type=2', 'failed', 'undelivered'],
    ['type=4', 'accepted', null],
    ['type=8', 'accepted', null],
    ['type=12', 'accepted', null],
    ['type=16', 'failed', 'message_refused'],
    ['type=34', 'failed', 'undelivered'],
    ['type=66', 'failed', 'undelivered'],
    ['status=&type=1', 'delivered', null],
  ])('maps %s to %s', (query, expected, reason) => {
    expect(status(called(`id=m-1&${query}`))).toEqual([{ ...REPORT, status: expected, reason }]);
  });

  it.each([
    called(''),
    called('status=delivered'),
    called('id=m-1'),
    called('id=m-1&status=done'),
    called('id=m-1&status=constructor'),
    called('id=m-1&type=0'),
    called('id=m-1&type=-1'),
    called('id=m-1&type=%25d'),
    called('', JSON_TYPE, 'no JSON'),
    called('', JSON_TYPE, '"m-1"'),
    called('', JSON_TYPE, '[{"id":"m-1","status":"delivered"},null]'),
    called('', JSON_TYPE, '{"id":{"a":1},"status":"delivered"}'),
    called('', 'text/plain', 'id=m-1&status=delivered'),
  ])('rejects $url $body', (request) => {
    expect(() => status(request)).toThrow(UnreadableCallback);
  });
});

describe('the HTTP callback reader reading inbound SMS', () => {
  const REPLY = { from: '+14155550100', to: '7000', text: 'STOP', vendorMessageId: 'm-9' };

  it.each([
    ['a query', called('from=%2B14155550100&to=7000&text=STOP&id=m-9')],
    ['a query whose plus is not encoded', called('from=+14155550100&to=7000&text=STOP&id=m-9')],
    ['a form, without a plus', called('', FORM, 'from=14155550100&to=7000&text=STOP&id=m-9')],
    ['JSON, with 00', called('', JSON_TYPE, '{"from":"0014155550100","to":7000,"text":"STOP","id":"m-9"}')],
  ])('reads an SMS from %s', (_, request) => {
    expect(inbound(request)).toEqual([REPLY]);
  });

  it('reads an empty text, UTF-8, and a missing recipient', () => {
    expect(inbound(called('from=14155550100&text='))).toEqual([
      { from: '+14155550100', to: null, text: '', vendorMessageId: null },
    ]);
    expect(inbound(called('from=14155550100&text=h%C3%A4llo+%F0%9F%91%8D'))).toMatchObject([
      { text: 'hällo 👍' },
    ]);
  });

  it.each([
    called('text=STOP'),
    called('from=%2B14155550100'),
    called('from=Bank&text=STOP'),
    called('from=04155550100&text=STOP'),
    called('from=12345&text=STOP'),
    called('', JSON_TYPE, '{"from":true,"text":"STOP"}'),
  ])('rejects $url', (request) => {
    expect(() => inbound(request)).toThrow(UnreadableCallback);
  });

  it('answers with an empty body, as some gateways send the body as a reply', () => {
    expect(callbacks.answer).toEqual({ contentType: 'text/plain; charset=utf-8', body: '' });
    expect(callbacks.isSigned).toBeUndefined();
  });
});
