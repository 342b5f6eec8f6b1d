import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { UnreadableCallback, type CallbackRequest } from '../../src/providers/callback.js';
import { TWILIO_REPORTS, twilioCallbacks } from '../../src/providers/twilio/twilio-callbacks.js';
import { TWILIO_CODES } from '../../src/providers/twilio/twilio-errors.js';
import { reasonOfEach } from '../support/sms-callback.js';
import { twilioSignature } from '../support/twilio-signature.js';

const TOKEN = 'twilio-test-token';
const URL_OF_STATUS = 'https://sms.example.com/callbacks/app123/sms/twilio/status';
const SID = 'SM0123456789abcdef0123456789abcdef';
const reader = twilioCallbacks({ authToken: TOKEN });

type Form = Readonly<Record<string, string>>;

const sign = (url: string, form: Form, token = TOKEN): string => twilioSignature(url, form, token);

function posted(form: Form, over: Partial<CallbackRequest> & { signature?: string } = {}): CallbackRequest {
  const { signature, ...rest } = over;
  const url = rest.url ?? URL_OF_STATUS;
  return {
    method: 'POST',
    url,
    query: new URL(url).searchParams,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      ...(signature === undefined ? {} : { 'x-twilio-signature': signature }),
    },
    body: Buffer.from(new URLSearchParams(form).toString()),
    ...rest,
  };
}

const STATUS: Form = {
  AccountSid: 'AC00000000000000000000000000000001',
  ApiVersion: '2010-04-01',
  From: '+15005550006',
  MessageSid: SID,
  MessageStatus: 'delivered',
  SmsSid: SID,
  SmsStatus: 'delivered',
  To: '+14155550100',
};
const isSigned = (request: CallbackRequest, token = TOKEN): boolean | Promise<boolean> | undefined =>
  twilioCallbacks({ authToken: token }).isSigned?.(request);

describe('the Twilio callback reader checking a signature', () => {
  /** From Twilio's security page and its SDKs' tests; with a repeated name, and with a hashed body. */
  const EXAMPLE = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  const call = (from: string): string =>
    new URLSearchParams({
      ...{ Digits: '1234', To: '+18005551212', From: from },
      ...{ Caller: from, CallSid: 'CA1234567890ABCDE' },
    }).toString();
  const HASH = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620';
  const JSON_BODY = '{"property": "value", "boolean": true}';
  const VECTORS = [
    ['0/KCTR6DLpKmkAf8muzZqo1nDgQ=', EXAMPLE, call('+12349013030')],
    ['RSOYDt4T1cUTdK1PDd93/VVr8B8=', EXAMPLE, call('+14158675309')],
    [
      'IK+Dwps556ElfBT0I3Rgjkr1wJU=',
      EXAMPLE,
      'Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234',
    ],
    ['a9nBmqA0ju/hNViExpshrM61xv4=', `${EXAMPLE}&bodySHA256=${HASH}`, JSON_BODY],
  ] as const;
  it.each(VECTORS)('accepts the published example %s', (signature, url, body) => {
    const request = posted({}, { url, signature, body: Buffer.from(body) });
    expect(isSigned(request, '12345')).toBe(true);
    expect(isSigned(request, '12346')).toBe(false);
    expect(isSigned({ ...request, body: Buffer.from(`${body}1`) }, '12345')).toBe(false);
    expect(isSigned({ ...request, url: `${url}3` }, '12345')).toBe(false);
  });

  it('accepts a signed form and refuses a changed one', () => {
    const signature = sign(URL_OF_STATUS, STATUS);
    expect(isSigned(posted(STATUS, { signature }))).toBe(true);
    expect(isSigned(posted({ ...STATUS, MessageStatus: 'failed' }, { signature }))).toBe(false);
    expect(isSigned(posted({ ...STATUS, ErrorCode: '21610' }, { signature }))).toBe(false);
    const { To: _, ...less } = STATUS;
    expect(isSigned(posted(less, { signature }))).toBe(false);
  });

  it('refuses another key, another URL and a missing signature', () => {
    expect(isSigned(posted(STATUS, { signature: sign(URL_OF_STATUS, STATUS, 'other') }))).toBe(false);
    expect(isSigned(posted(STATUS, { signature: sign(`${URL_OF_STATUS}?a=1`, STATUS) }))).toBe(false);
    expect(isSigned(posted(STATUS, { signature: '' }))).toBe(false);
    expect(isSigned(posted(STATUS))).toBe(false);
  });

  it.each([
    ['https://a.example.com/x?y=1', 'https://a.example.com:443/x?y=1'],
    ['https://a.example.com:443/x?y=1', 'https://a.example.com/x?y=1'],
    ['https://a.example.com:8443/x', 'https://a.example.com/x'],
    ['http://a.example.com/x', 'http://a.example.com:80/x'],
    ['http://[::1]:3000/x', 'http://[::1]/x'],
  ])('accepts a URL with or without its port: called at %s, signed for %s', (url, signedUrl) => {
    expect(isSigned(posted(STATUS, { url, signature: sign(signedUrl, STATUS) }))).toBe(true);
    expect(isSigned(posted(STATUS, { url, signature: sign(url, STATUS) }))).toBe(true);
  });

  it('refuses a signature for another port', () => {
    const url = 'https://a.example.com:8443/x';
    const signature = sign('https://a.example.com:9443/x', STATUS);
    expect(isSigned(posted(STATUS, { url, signature }))).toBe(false);
  });

  it('requires the hash in the URL for a body that is no form', () => {
    const body = Buffer.from('{"MessageSid":"SM1"}');
    const headers = { 'content-type': 'application/json' };
    const bare = { ...headers, 'x-twilio-signature': sign(URL_OF_STATUS, {}) };
    expect(isSigned(posted({}, { headers: bare, body }))).toBe(false);
    const url = `${URL_OF_STATUS}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
    const hashed = { ...headers, 'x-twilio-signature': sign(url, {}) };
    expect(isSigned(posted({}, { url, headers: hashed, body }))).toBe(true);
    expect(isSigned(posted({}, { url, headers: hashed, body: Buffer.from('{}') }))).toBe(false);
  });

  it('covers the URL of a GET request', () => {
    const url = `${URL_OF_STATUS}?MessageSid=${SID}&MessageStatus=sent`;
    const request = posted({}, { method: 'GET', url, body: Buffer.alloc(0), signature: sign(url, {}) });
    expect(isSigned(request)).toBe(true);
    expect(reader.readStatus(request)).toMatchObject([{ vendorMessageId: SID, status: 'accepted' }]);
  });

  it('is off if only an API key is configured', () => {
    expect(twilioCallbacks({}).isSigned).toBeUndefined();
  });
});

describe('the Twilio callback reader reading delivery reports', () => {
  const report = { vendorMessageId: SID, reference: null, reason: null, vendorCode: null, at: null };
  const ROWS: Readonly<Record<string, string>> = {
    accepted: 'accepted',
    scheduled: 'accepted',
    queued: 'accepted',
    sending: 'accepted',
    sent: 'accepted',
    delivered: 'delivered',
    read: 'delivered',
    undelivered: 'failed',
    failed: 'failed',
    canceled: 'failed',
  };
  it('lists the outcome of every status', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(TWILIO_REPORTS));
  });

  it.each(Object.entries(ROWS))('maps status %s to %s', (word, status) => {
    const reason = status === 'failed' ? 'undelivered' : null;
    const reports = reader.readStatus(posted({ ...STATUS, MessageStatus: word }));
    expect(reports).toEqual([{ ...report, status, reason }]);
  });

  const REASONS: Readonly<Record<string, readonly number[]>> = {
    no_credit: [10001, 20005, 30002],
    invalid_phone_number: [21211, 21217],
    number_unreachable: [...[21214, 21265, 21266, 21268, 21612, 21614, 21635], ...[30003, 30005, 30006]],
    opted_out: [21610],
    country_not_allowed: [21408],
    message_refused: [21602, 21608, 21619, 30004, 30007, 30038, 30450],
    message_too_large: [21617, 21658, 30019],
    undelivered: [30008, 30036, 30485, 39999],
    provider_over_quota: [14107, 20429, 21611, 30001, 30022, 30023, 30027, 30454, 63038],
    provider_misconfigured: [
      ...[20003, 20008, 20403, 20404, 21212, 21267, 21601, 21603, 21606, 21609, 21616, 21659, 21660, 21661],
      ...[21701, 21703, 21704, 21705, 30024, 30032, 30033, 30034, 30035, 30037, 30040, 30041],
    ],
    provider_unavailable: [20500, 20503, 21730, 30020, 30021],
  };
  const CODES = reasonOfEach(REASONS);
  it('lists the reason of every error code', () => {
    const tested = CODES.map(([code]) => String(code)).filter((code) => code !== '39999');
    expect(tested.sort()).toEqual(Object.keys(TWILIO_CODES).sort());
  });

  it.each(CODES)('maps error code %i to %s', (code, reason) => {
    for (const MessageStatus of ['undelivered', 'failed']) {
      const reports = reader.readStatus(posted({ ...STATUS, MessageStatus, ErrorCode: String(code) }));
      expect(reports).toEqual([{ ...report, status: 'failed', reason, vendorCode: String(code) }]);
    }
  });

  it.each(['received', 'receiving', 'constructor'])('ignores status %s', (word) => {
    expect(reader.readStatus(posted({ ...STATUS, MessageStatus: word }))).toEqual([]);
  });

  it.each([{}, { MessageSid: SID }, { MessageStatus: 'sent' }, { MessageSid: '', MessageStatus: 'sent' }])(
    'rejects %j',
    (form) => {
      expect(() => reader.readStatus(posted(form))).toThrow(UnreadableCallback);
    },
  );

  it('answers with empty TwiML', () => {
    expect(reader.answer).toEqual({ contentType: 'text/xml', body: '<Response/>' });
  });
});

describe('the Twilio callback reader reading inbound SMS', () => {
  const INBOUND: Form = { MessageSid: SID, From: '+14155550100', To: '+15005550006', Body: 'Stop bitte 👍' };
  const read = (form: Form): unknown => reader.readInbound?.(posted(form));
  const text = { from: '+14155550100', to: '+15005550006', text: 'Stop bitte 👍', vendorMessageId: SID };

  it('reads an inbound SMS', () => {
    expect(read(INBOUND)).toEqual([text]);
    expect(read({ ...INBOUND, Body: '' })).toEqual([{ ...text, text: '' }]);
  });

  it.each(['STOP', 'START', 'HELP'])('takes the keyword from Advanced Opt-Out: %s', (OptOutType) => {
    const takenFor = OptOutType.toLowerCase();
    const post = { ...INBOUND, Body: 'ARRÊT', OptOutType };
    expect(read(post)).toEqual([{ ...text, text: OptOutType, takenFor }]);
    const { readInbound } = twilioCallbacks({ answersOptOuts: false });
    expect(readInbound?.(posted(post))).toEqual([{ ...text, text: OptOutType, takenFor }]);
  });

  it.each([
    ['YES', undefined, 'start'],
    ['unstop', undefined, 'start'],
    ['Stopall', undefined, 'stop'],
    ['help', undefined, 'help'],
    ['ARRÊT', undefined, undefined],
    ['YES', '+18885550100', undefined],
    ['START', '+18885550100', 'start'],
    ['STOP', '12345', undefined],
  ])('reports which keyword Twilio itself answers: %s to %s is %s', (Body, To, takenFor) => {
    const post = { ...INBOUND, Body, ...(To === undefined ? {} : { To }) };
    const kinds = [{}, { answersOptOuts: false }].map(
      (settings) => twilioCallbacks(settings).readInbound?.(posted(post))[0]?.takenFor,
    );
    expect(kinds).toEqual([takenFor, undefined]);
  });

  it.each(['12345', 'whatsapp:+14155550100'])('ignores an SMS from %s', (From) => {
    expect(read({ ...INBOUND, From })).toEqual([]);
  });

  it.each(['From', 'MessageSid'])('rejects an SMS without %s', (name) => {
    expect(() => read({ ...INBOUND, [name]: '' })).toThrow(UnreadableCallback);
  });
});
