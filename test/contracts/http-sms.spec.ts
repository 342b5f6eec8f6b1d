import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HttpOutcomeSettings } from '../../src/providers/http/http-mapping-settings.js';
import { HttpCheckSettings, HttpSmsSettings } from '../../src/providers/http/http-settings.js';
import { httpSms } from '../../src/providers/http/http.provider.js';
import { HTTP_STATUSES } from '../../src/providers/http/http-errors.js';
import type { SmsMessage } from '../../src/providers/provider.js';
import { draws } from '../support/draws.js';
import { httpReply, httpSmsAnswer, startHttpSmsServer } from '../support/http-sms-server.js';
import type { VendorRequest } from '../support/vendor-server.js';
import {
  CONTEXT,
  DEAD,
  MAY_HAVE_BEEN_SENT,
  MISCONFIGURED,
  outcomeOf,
  OUT_OF_CREDIT,
  overQuota,
  proxyPage,
  refused,
  smsVendor,
  UNAVAILABLE,
} from './sms-vendor.fixture.js';

const BODY =
  '{"to": "{{ to }}", "from": "{{ from }}", "text": "{{ text }}", "reference": "{{ reference }}",' +
  ' {% if statusUrl %}"callback": "{{ statusUrl }}",{% endif %} "encoding": "{{ encoding }}", "parts": {{ segments }}}';
const { keepsContracts, start, provide, message } = smsVendor({
  factory: httpSms,
  Settings: HttpSmsSettings,
  startServer: startHttpSmsServer,
  play: httpSmsAnswer,
  account: ({ url, apiKey }) => ({
    ...{ from: 'Bellhop', url: `${url}/v1/messages`, endpoint: undefined },
    ...{ headers: { 'X-Api-Key': apiKey }, body: BODY, idPath: 'messages[0].id' },
  }),
  badCredentials: { headers: { 'x-api-key': 'wrong' } },
  secret: ({ apiKey }) => apiKey,
});
keepsContracts();

/** A provider for a gateway that accepts anything; `HOST` in the url stands for the gateway's origin. */
async function startEcho({
  url,
  ...over
}: Partial<HttpSmsSettings> & { readonly url: string }): ReturnType<typeof start> {
  const { server, ...started } = await start();
  const bare = { headers: {}, body: undefined, idPath: undefined };
  const provider = provide(server, { ...bare, ...over, url: url.replace('HOST', server.url) });
  const send: typeof started.send = (sms = {}) => outcomeOf(provider.send({ ...message, ...sms }, CONTEXT));
  return { ...started, server, provider, send };
}

/** @returns a function that sends an SMS through a gateway that accepts anything, and returns the request. */
async function startCapture(
  settings: Parameters<typeof startEcho>[0],
): Promise<(over?: Partial<SmsMessage>) => Promise<VendorRequest>> {
  const { server, send } = await startEcho(settings);
  return async (over) => {
    expect(await send(over)).toMatchObject({ outcome: 'accepted' });
    const request = server.echoed.at(-1);
    if (!request) throw new Error('The gateway was not asked.');
    return request;
  };
}

/** Any text of an SMS, including injections into a template. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '","to":"+19005550100',
    '\\',
    '\\"',
    '&to=%2B19005550100#',
    '</text><to>+19005550100</to>',
    ']]>',
    '\r\nx-evil: 1',
    '{{ to }}{% if %}',
    '%00\u0000',
    '../../admin',
  ),
);

describe('the HTTP provider', () => {
  it('fills the template of the body with every field of an SMS', async () => {
    const { received, send } = await start();
    await send();
    await send({ statusUrl: undefined, encoding: 'gsm7', segments: 3 });
    const first = {
      to: message.address.phno,
      from: 'Bellhop',
      text: message.text,
      reference: message.reference,
      callback: message.statusUrl,
      encoding: 'ucs2',
      parts: 1,
    };
    const { callback: _, ...second } = first;
    expect(received).toEqual([first, { ...second, encoding: 'gsm7', parts: 3 }]);
  });

  it('calls the endpoint, if it is set, with the path of the url', async () => {
    const { server } = await start();
    const provider = provide(server, { url: 'https://gateway.invalid/v1/messages', endpoint: server.url });
    await expect(provider.send(message, CONTEXT)).resolves.toMatchObject({ outcome: 'accepted' });
  });

  it('sends the headers of the settings with lower-case names', async () => {
    const send = await startCapture({
      url: 'HOST/echo',
      headers: { Authorization: 'Basic dXNlcjpwYXNz', 'X-Two': 'a, b' },
      method: 'PUT',
      body: 'to={{ to }}',
    });
    const { method, headers, body } = await send();
    expect(method).toBe('PUT');
    expect(headers).toMatchObject({
      authorization: 'Basic dXNlcjpwYXNz',
      'x-two': 'a, b',
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(body).toBe('to=%2B14155550100');
  });

  it('prevents injection into a header', async () => {
    const send = await startCapture({
      url: 'HOST/echo',
      headers: { 'Idempotency-Key': '{{ reference }}', 'X-To': '{{ to }} {{ text }}', 'X-Same': 'a%b' },
      body: 'to={{ to }}',
    });
    const { headers } = await send({ text: 'ü\r\nx-evil: 1' });
    expect(headers).toMatchObject({
      'idempotency-key': message.reference,
      'x-to': '+14155550100 %C3%BC%0D%0Ax-evil: 1',
      'x-same': 'a%b',
    });
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const sent = (await send({ text })).headers;
        expect(sent['x-to']).toMatch(/^\+14155550100[\x20-\x7e]*$/);
        expect(Object.keys(sent).toSorted()).toEqual(Object.keys(headers).toSorted());
      }),
      draws(40),
    );
  });

  it('escapes values after all filters, so that a filter can remove the plus of a number', async () => {
    const send = await startCapture({
      method: 'GET',
      url: `HOST/echo/{{ to | remove_first: "+" }}
        ?text={{ text | upcase }}
        &url={{ statusUrl | append: "&reference=" | append: reference | append: "&type=%d" }}
        {% if from == "Bellhop" %}&ours=1{% endif %}&delivery={{ deliveryId }}`,
    });
    const { method, path, body } = await send({ text: 'a b' });
    expect([method, body]).toEqual(['GET', '']);
    const url = new URL(path, 'http://127.0.0.1');
    expect(url.pathname).toBe('/echo/14155550100');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      text: 'A B',
      url: `${message.statusUrl}&reference=${message.reference}&type=%d`,
      ours: '1',
      delivery: 'd-1',
    });
  });

  it('prevents injection into a query', async () => {
    const send = await startCapture({ method: 'GET', url: 'HOST/echo?to={{ to }}&text={{ text }}&end=1' });
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const query = new URLSearchParams((await send({ text })).path.split('?')[1]);
        expect([...query]).toEqual([
          ['to', '+14155550100'],
          ['text', text.replaceAll('\0', '')],
          ['end', '1'],
        ]);
      }),
      draws(60),
    );
  });

  it.each([undefined, 'application/json; charset=utf-8', 'application/vnd.gateway+json'])(
    'lets no text break out of JSON of type %s',
    async (type) => {
      const send = await startCapture({
        url: 'HOST/echo',
        headers: type === undefined ? {} : { 'content-type': type },
        body: '{"to":"{{ to }}","text":"{{ text }}","list":["{{ text }}"]}',
      });
      await fc.assert(
        fc.asyncProperty(anyText, async (value) => {
          const { headers, body } = await send({ text: value });
          const text = value.replaceAll('\0', '');
          expect(JSON.parse(body)).toEqual({ to: '+14155550100', text, list: [text] });
          expect(headers['content-type']).toBe(type ?? 'application/json');
        }),
        draws(40),
      );
    },
  );

  it('prevents injection into a form', async () => {
    const send = await startCapture({ url: 'HOST/echo', body: 'to={{ to }}&text={{ text }}&end=1' });
    await fc.assert(
      fc.asyncProperty(anyText, async (value) => {
        const text = value.replaceAll('\0', '');
        expect(Object.fromEntries(new URLSearchParams((await send({ text: value })).body))).toEqual({
          ...{ to: '+14155550100', text, end: '1' },
        });
      }),
      draws(60),
    );
  });

  it.each([undefined, 'text/xml; charset=utf-8', 'application/soap+xml'])(
    'lets no text break out of XML of type %s',
    async (type) => {
      const send = await startCapture({
        url: 'HOST/echo',
        headers: type === undefined ? {} : { 'content-type': type },
        body: '<sms to="{{ to }}"><text a="{{ text }}">{{ text }}</text></sms>',
      });
      await fc.assert(
        fc.asyncProperty(anyText, async (value) => {
          const { body, headers } = await send({ text: value });
          expect(headers['content-type']).toBe(type ?? 'application/xml');
          const found = /^<sms to="\+14155550100"><text a="([^<>"]*)">([^<>]*)<\/text><\/sms>$/.exec(body);
          const read = found?.slice(1).map((part) => {
            expect(part.replace(/&#\d+;/g, '')).not.toContain('&');
            return part.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
          });
          const text = value.replace(/[^\P{Cc}\t\n\r]/gu, '');
          expect(read).toEqual([text, text]);
        }),
        draws(40),
      );
    },
  );

  it('sends the text unescaped if the body is neither JSON, form nor XML', async () => {
    const send = await startCapture({
      url: 'HOST/echo',
      headers: { 'content-type': 'text/plain' },
      body: '{{ to }}\n{{ text }}',
    });
    expect((await send({ text: '"a" & <b>' })).body).toBe('+14155550100\n"a" & <b>');
  });

  it('sends the longest text whole in spite of escaping', async () => {
    const send = await startCapture({ method: 'GET', url: 'HOST/echo?text={{ text }}' });
    const text = '嗨'.repeat(670);
    expect(new URLSearchParams((await send({ text })).path.split('?')[1]).get('text')).toBe(text);
  });

  it.each(['.', '..'])('refuses the text %j if it would change the path', async (text) => {
    const { server, send } = await startEcho({
      method: 'GET',
      url: 'HOST/echo/{{ text }}/send?text={{ text }}',
    });
    const expected = { outcome: 'refused', reason: 'message_refused', vendorCode: 'template_failed' };
    expect(await send({ text })).toMatchObject(expected);
    expect(server.vendor.requests).toBe(0);
    expect(await send({ text: '...' })).toMatchObject({ outcome: 'accepted' });
  });
});

describe('the HTTP provider reading an answer', () => {
  const ROWS: Readonly<Record<number, object>> = {
    400: refused('message_refused'),
    401: MISCONFIGURED,
    402: OUT_OF_CREDIT,
    403: MISCONFIGURED,
    404: MISCONFIGURED,
    408: MAY_HAVE_BEEN_SENT,
    410: DEAD,
    413: refused('message_too_large'),
    422: refused('message_refused'),
    429: overQuota(1_000),
    504: MAY_HAVE_BEEN_SENT,
  };

  it('lists the outcome of every HTTP status', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(HTTP_STATUSES));
  });

  it.each([
    ...Object.entries(ROWS),
    ['302', MISCONFIGURED],
    ['409', MISCONFIGURED],
    ['500', UNAVAILABLE],
    ['502', UNAVAILABLE],
    ['503', UNAVAILABLE],
  ])('maps HTTP status %s', async (status, expected) => {
    for (const successWhen of [undefined, 'json.ok == true']) {
      const { answerWith, send } = await start({ successWhen });
      answerWith({ status: Number(status), body: '{"messages":[{"id":"m-1"}]}' });
      expect(await send()).toMatchObject({ ...expected, vendorCode: status });
    }
  });

  it.each([
    ['messages[0].id', { messages: [{ id: 'm-7' }] }, 'm-7'],
    ['[1].id', [{}, { id: 'm-8' }], 'm-8'],
    ['data.message-id', { data: { 'message-id': 12_345 } }, '12345'],
    ['a[0][1]', { a: [[1, 'x']] }, 'x'],
  ])('finds the message id at %s', async (idPath, body, vendorMessageId) => {
    const { answerWith, send } = await start({ idPath });
    answerWith(httpReply(201, body));
    expect(await send()).toMatchObject({ outcome: 'accepted', vendorMessageId });
  });

  it('uses the reference as the message id if no idPath is set', async () => {
    const { send } = await startEcho({ method: 'GET', url: 'HOST/echo?to={{ to }}' });
    expect(await send()).toMatchObject({ outcome: 'accepted', vendorMessageId: message.reference });
  });

  it.each([
    { messages: [] },
    { messages: 'm-1' },
    { messages: [{ id: '' }] },
    { messages: [{ id: 2 ** 60 }] },
    { messages: [{ id: 'x'.repeat(257) }] },
    { messages: { 0: { id: 'm' } } },
    [],
    null,
  ])('may have sent the SMS after a 2xx without a message id: %j', async (body) => {
    const { server, answerWith, send } = await start();
    answerWith(httpReply(200, body));
    expect(await send()).toMatchObject({ ...MAY_HAVE_BEEN_SENT, vendorCode: 'invalid_answer' });
    // successWhen decides if it is set.
    const withCondition = provide(server, { successWhen: 'status == 200' });
    expect(await withCondition.send(message, CONTEXT)).toMatchObject({
      outcome: 'accepted',
      vendorMessageId: message.reference,
    });
  });

  it.each([
    ['json.status == "ok"', httpReply(200, { status: 'ok' }), true],
    ['json.status == "ok"', httpReply(200, { status: 'no' }), false],
    ['json.status == 0', httpReply(200, { status: 0 }), true],
    ['json.status == 0', httpReply(200, { status: 4 }), false],
    ['json.messages[0].error == null', httpReply(200, { messages: [{ error: null }] }), true],
    ['text.startsWith("OK")', { status: 200, body: 'OK: 17' }, true],
    ['text.startsWith("OK")', { status: 200, body: 'ERR: no credit' }, false],
    ['headers["x-result"] == "sent"', { status: 200, headers: { 'x-result': 'sent' } }, true],
    ['headers["x-result"] == "sent"', { status: 200 }, false],
    ['status == 202 || status == 409', { status: 409 }, true],
    ['status in [200, 202]', { status: 202 }, true],
    ['status == 202', { status: 200 }, false],
  ])('applies successWhen: %s', async (successWhen, answer, expected) => {
    const { answerWith, send } = await start({ successWhen });
    answerWith(answer);
    const accepted = { outcome: 'accepted', vendorMessageId: message.reference };
    // An answer without JSON, if an id is expected, is not a clear refusal either.
    const isJson = 'body' in answer && answer.body.startsWith('{');
    const no = isJson
      ? { ...refused('message_refused'), vendorCode: 'not_successful' }
      : { ...MAY_HAVE_BEEN_SENT, vendorCode: 'invalid_answer' };
    expect(await send()).toMatchObject(expected ? accepted : no);
  });

  it('reports an SMS as refused if successWhen is false for a plain text answer', async () => {
    const { send } = await startEcho({
      ...{ method: 'GET', url: 'HOST/echo?to={{ to }}', successWhen: 'text.startsWith("OK")' },
    });
    expect(await send()).toMatchObject({
      ...refused('message_refused'),
      vendorCode: 'not_successful',
    });
  });

  it('may have sent the SMS if successWhen cannot be evaluated', async () => {
    const { answerWith, send } = await start({ successWhen: 'int(json.code) == 0' });
    answerWith(httpReply(200, { code: 'none' }));
    expect(await send()).toMatchObject({ ...MAY_HAVE_BEEN_SENT, vendorCode: 'invalid_answer' });
  });
});

const checkOf = (over: Partial<HttpCheckSettings>): HttpCheckSettings =>
  Object.assign(new HttpCheckSettings(), over);

describe('a check of the HTTP provider', () => {
  /** A gateway and an account whose check asks for the balance. */
  async function startChecked(
    over: Partial<HttpCheckSettings> = {},
    settings: Partial<HttpSmsSettings> = {},
  ): ReturnType<typeof start> {
    const { server, ...started } = await start();
    const headers = { 'X-Api-Key': server.apiKey };
    const check = checkOf({ url: `${server.url}/v1/balance`, headers, ...over });
    return { ...started, server, provider: provide(server, { ...settings, check }) };
  }

  it('requests what the settings name, and sends nothing', async () => {
    const { server, provider, received } = await startChecked({ successWhen: 'json.credits > 0' });
    expect(await provider.check(CONTEXT.signal)).toEqual({
      outcome: 'ok',
      code: null,
      text: 'The gateway accepts the account.',
      clockSkewMs: expect.any(Number),
    });
    expect(received).toEqual([]);
    expect([server.script.asked, server.vendor.requests]).toEqual([0, 1]);
  });

  it('requests with method, path and query of the settings', async () => {
    const { server } = await start();
    const check = checkOf({ method: 'POST', url: `${server.url}/echo?key=a%20b` });
    expect(await provide(server, { check }).check(CONTEXT.signal)).toMatchObject({ outcome: 'ok' });
    expect(server.echoed).toMatchObject([{ method: 'POST', path: '/echo?key=a%20b', body: '' }]);
  });

  it('calls the endpoint, if it is set', async () => {
    const { server } = await start();
    const check = checkOf({ url: 'https://gateway.invalid/echo' });
    const url = 'https://gateway.invalid/v1/messages';
    const provider = provide(server, { url, endpoint: server.url, check });
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'ok' });
    expect(server.echoed).toMatchObject([{ path: '/echo' }]);
  });

  it('knows nothing without the setting, and says how to configure it', async () => {
    const { server, provider } = await start();
    expect(await provider.check(CONTEXT.signal)).toEqual({
      outcome: 'unknown',
      code: null,
      text: expect.stringContaining('set `check.url`'),
    });
    expect(server.vendor.requests).toBe(0);
  });

  it('fails with wrong credentials', async () => {
    const { provider } = await startChecked({ headers: { 'x-api-key': 'wrong' } });
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'failed', code: '401' });
  });

  it.each([
    ['no credit', httpReply(200, { credits: 0 }), 'failed', 'not_successful'],
    ['an answer without the credit', httpReply(200, { credits: 'many' }), 'unknown', 'invalid_answer'],
    ['a refusal with a code', httpReply(403, { code: 'E-7' }), 'failed', 'E-7'],
    ['no such page', { status: 404 }, 'unknown', '404'],
    ['a fault of the gateway', httpReply(503, {}), 'unknown', '503'],
    ['too many requests', httpReply(429, {}), 'unknown', '429'],
    ['a proxy page', proxyPage(502), 'unknown', '502'],
  ] as const)('finds %s', async (_, answer, outcome, code) => {
    const successWhen = 'json.credits > 0';
    const { server, provider } = await startChecked({ successWhen }, { codePath: 'code' });
    server.account.balance = answer;
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome, code });
  });
});

const SECRET = 'hunter2-hunter2';
const WRONG_SETTINGS: [Partial<HttpSmsSettings>, RegExp][] = [
  [{ url: `https://{{ to }}.example.com/${SECRET}` }, /^url must begin with a host/],
  [{ url: `https://user:${SECRET}@example.com/` }, /^url must begin with a host/],
  [
    { url: `https://example.com/?p=${SECRET}&t={{ text` },
    /^url is not a Liquid template \(line:1, col:\d+\)$/,
  ],
  [{ url: `https://example.com/?p=${SECRET}&t={{ text | raw }}` }, /^url is not a Liquid template/],
  [{ url: `https://example.com/?p=${SECRET}&t={{ text | shout }}` }, /^url is not a Liquid template/],
  [{ url: `https://example.com/?p=${SECRET}ü` }, /^url has characters that need percent-encoding$/],
  [{ url: `https://example.com/?p=${SECRET}#x` }, /^url has a fragment/],
  [{ url: `https://example.com/${SECRET}/../x` }, /^url cannot be rendered$/],
  [{ url: `https://example.com/${SECRET}/%2E%2e/x` }, /^url cannot be rendered$/],
  [{ url: `https://example.com/${'x'.repeat(2_000)}` }, /^url is longer than 2000 characters$/],
  [{ body: `{"p":"${SECRET}","text":{{ text }}}` }, /^body is not JSON: put values between quotes/],
  [{ body: `{"p":"${SECRET}","text":{{ text | json }}}` }, /^body is not JSON/],
  [{ body: `{"p":"${SECRET}"{% if statusUrl %},"c":1}{% endif %}` }, /^body is not JSON/],
  [{ body: `{"p":"${SECRET}","text":"{% include "x" %}"}` }, /^body is not a Liquid template/],
  [{ body: `p=${SECRET}{% capture x %}{{ text }}{% endcapture %}` }, /^body is not a Liquid template/],
  [{ body: `p=${SECRET}`, method: 'GET' }, /^body is not allowed with GET$/],
  [
    { headers: { 'content-type': `{{ encoding }}/${SECRET}` }, body: 'x' },
    /^headers\.content-type cannot be a template$/,
  ],
  [{ headers: { 'x-key': `${SECRET}{{ to` } }, /^headers\.x-key is not a Liquid template/],
  [{ headers: { 'x-key': `${SECRET}{{ to | raw }}` } }, /^headers\.x-key is not a Liquid template/],
  [{ headers: { 'x-key': `${SECRET}\r\nx-evil: 1` } }, /^headers\.x-key must be a string/],
  [{ headers: { 'x-key': 5 as unknown as string } }, /^headers\.x-key must be a string/],
  [{ headers: { 'x key': SECRET } }, /^headers has an invalid name$/],
  [{ headers: { Host: SECRET } }, /^headers\.Host is set by the connection$/],
  [{ headers: { 'X-Key': SECRET, 'x-key': SECRET } }, /^headers\.x-key is set twice$/],
  [{ idPath: 'messages[x].id' }, /^idPath must be a path/],
  [{ idPath: '' }, /^idPath must be a path/],
  [{ idPath: 'a..b' }, /^idPath must be a path/],
  [{ idPattern: 'OK' }, /^idPattern has to have \{id\} once/],
  [{ codePath: 'a b' }, /^codePath must be a path/],
  [
    { outcomes: [Object.assign(new HttpOutcomeSettings(), { when: 'json.ok ==', outcome: 'refused' })] },
    /^outcomes\[0\]\.when cannot be read/,
  ],
  [{ successWhen: 'json.ok ==' }, /^successWhen cannot be read/],
  [{ successWhen: 'answer.ok' }, /^successWhen is not a condition: Unknown variable: answer/],
  [{ successWhen: 'status' }, /^successWhen is not a condition/],
  [{ successWhen: 'text.matches("a+")' }, /^successWhen uses matches\(\)/],
  [{ check: checkOf({ url: `https://other.example.com/${SECRET}` }) }, /^check\.url must have the scheme/],
  [{ check: checkOf({ url: `http://example.com/${SECRET}` }) }, /^check\.url must have the scheme and host/],
  [{ check: checkOf({ url: `https://u:${SECRET}@example.com/` }) }, /^check\.url must have no user/],
  [{ check: checkOf({ url: `https://example.com/${SECRET}{{ to }}` }) }, /^check\.url cannot be a template$/],
  [
    { check: checkOf({ url: 'https://example.com/', headers: { 'x-key': `${SECRET}{{ to }}` } }) },
    /^check\.headers\.x-key cannot be a template$/,
  ],
  [
    { check: checkOf({ url: 'https://example.com/', headers: { Host: SECRET } }) },
    /^check\.headers\.Host is set by the connection$/,
  ],
  [
    { check: checkOf({ url: 'https://example.com/', successWhen: 'json.ok ==' }) },
    /^check\.successWhen cannot be read/,
  ],
];

describe('an invalid setting of the HTTP provider', () => {
  it.each(WRONG_SETTINGS)('prevents the start, and is named but not quoted: %j', async (over, expected) => {
    let problem = '';
    try {
      const settings = { id: 'gw', type: 'http', url: 'https://example.com/sms' };
      await httpSms.create(Object.assign(new HttpSmsSettings(), settings, over)).close();
    } catch (error) {
      problem = (error as Error).message;
      expect(String((error as Error).cause)).not.toContain(SECRET);
    }
    expect(problem).toMatch(expected);
    expect(problem).not.toContain(SECRET);
  });
});
