import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HttpOutcomeSettings } from '../../src/platform/config/http-sms-mapping.js';
import { HttpSmsSettings } from '../../src/platform/config/sms-provider-settings.js';
import { httpSms } from '../../src/providers/http/http.provider.js';
import { HTTP_STATUSES } from '../../src/providers/http/http-errors.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import {
  httpReply,
  httpSmsAnswer,
  startHttpSmsServer,
  type HttpSmsServer,
} from '../support/http-sms-server.js';
import type { VendorRequest, VendorServerOptions } from '../support/vendor-server.js';
import { networkContract, providerContract, type Rig, type RigOptions } from './provider.contract.js';
import { draws } from '../support/draws.js';

const MESSAGE: SmsMessage = {
  address: { phno: '+14155550100' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  statusUrl: 'https://bellhop.example.com/callbacks/app123/sms/gw/status?secret=0123456789abcdef',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};
const BODY =
  '{"to": "{{ to }}", "from": "{{ from }}", "text": "{{ text }}", "reference": "{{ reference }}",' +
  ' {% if statusUrl %}"callback": "{{ statusUrl }}",{% endif %} "encoding": "{{ encoding }}", "parts": {{ segments }}}';

const settingsOf = (over: Partial<HttpSmsSettings>): HttpSmsSettings =>
  Object.assign(new HttpSmsSettings(), { id: 'gw', type: 'http', from: 'Bellhop' }, over);

function provide(
  server: Pick<HttpSmsServer, 'url' | 'ca' | 'apiKey'>,
  over: Partial<HttpSmsSettings> = {},
): SmsProvider {
  const { url, ca, apiKey } = server;
  return httpSms.create(
    settingsOf({
      url: `${url}/v1/messages`,
      headers: { 'X-Api-Key': apiKey },
      body: BODY,
      idPath: 'messages[0].id',
      ...(ca === undefined ? {} : { ca }),
      ...over,
    }),
  );
}

const rig =
  (serverOptions: VendorServerOptions) =>
  async ({ timeoutMs, latencyMs, badCredentials, untrusted }: RigOptions = {}): Promise<Rig<SmsMessage>> => {
    const server = await startHttpSmsServer({
      ...serverOptions,
      ...(latencyMs === undefined ? {} : { latencyMs }),
    });
    const provider = provide(untrusted ? { ...server, ca: undefined } : server, {
      ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
      ...(badCredentials ? { headers: { 'x-api-key': 'wrong' } } : {}),
    });
    return {
      provider,
      arrange: (scenario, told) => {
        server.script.answerWith(httpSmsAnswer(scenario, told));
        return MESSAGE;
      },
      taken: () => server.script.received.length,
      secrets: [MESSAGE.address.phno, 'Andrew Joseph', server.apiKey],
      network: {
        asked: () => server.script.asked,
        connections: () => server.vendor.connections,
        stopVendor: () => server.close(),
      },
      stop: async () => {
        await provider.close();
        await server.close();
      },
    };
  };

providerContract('http over HTTP/1.1', rig({ http2: false }));
networkContract('http over HTTP/1.1', rig({ http2: false }));
providerContract('http over HTTP/2', rig({}));
networkContract('http over HTTP/2', rig({}));

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function started(
  over: Partial<HttpSmsSettings> = {},
): Promise<{ server: HttpSmsServer; provider: SmsProvider }> {
  const server = await startHttpSmsServer({ tls: false });
  const provider = provide(server, over);
  open.push(server, provider);
  return { server, provider };
}

const outcome = (provider: SmsProvider, over: Partial<SmsMessage> = {}): Promise<unknown> =>
  provider.send({ ...MESSAGE, ...over }, CONTEXT).catch((error: unknown) => error);

/** A gateway that takes anything, and what it was sent last. */
async function echoing(
  settings: Partial<HttpSmsSettings> & { url: string },
): Promise<(over?: Partial<SmsMessage>) => Promise<VendorRequest>> {
  const server = await startHttpSmsServer({ tls: false });
  const provider = httpSms.create(settingsOf({ ...settings, url: settings.url.replace('HOST', server.url) }));
  open.push(server, provider);
  return async (over = {}) => {
    await expect(provider.send({ ...MESSAGE, ...over }, CONTEXT)).resolves.toMatchObject({
      outcome: 'accepted',
    });
    const request = server.echoed.at(-1);
    if (!request) throw new Error('The gateway was not asked.');
    return request;
  };
}

/** Whatever a person may write, and what would break out of each place. */
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

describe('a gateway with an HTTP API', () => {
  it('is given what the template says', async () => {
    const { server, provider } = await started();
    await provider.send(MESSAGE, CONTEXT);
    await provider.send({ ...MESSAGE, statusUrl: undefined, encoding: 'gsm7', segments: 3 }, CONTEXT);
    const first = {
      to: MESSAGE.address.phno,
      from: 'Bellhop',
      text: MESSAGE.text,
      reference: MESSAGE.reference,
      callback: MESSAGE.statusUrl,
      encoding: 'ucs2',
      parts: 1,
    };
    const { callback: _, ...second } = first;
    expect(server.script.received).toEqual([first, { ...second, encoding: 'gsm7', parts: 3 }]);
  });

  it('is called at its endpoint where one is set, by the path of its url', async () => {
    const { server, provider } = await started();
    const elsewhere = provide(server, { url: 'https://gateway.invalid/v1/messages', endpoint: server.url });
    open.push(elsewhere);
    await expect(elsewhere.send(MESSAGE, CONTEXT)).resolves.toMatchObject({ outcome: 'accepted' });
    await provider.close();
  });

  it('is sent its headers as they are, names in lower case', async () => {
    const send = await echoing({
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

  it('has templates in its headers, which no text can break out of', async () => {
    const send = await echoing({
      url: 'HOST/echo',
      headers: { 'Idempotency-Key': '{{ reference }}', 'X-To': '{{ to }} {{ text }}', 'X-Same': 'a%b' },
      body: 'to={{ to }}',
    });
    const { headers } = await send({ text: 'ü\r\nx-evil: 1' });
    expect(headers).toMatchObject({
      'idempotency-key': MESSAGE.reference,
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

  it('has its values escaped after all filters, so that a number may lose its plus', async () => {
    const send = await echoing({
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
      url: `${MESSAGE.statusUrl}&reference=${MESSAGE.reference}&type=%d`,
      ours: '1',
      delivery: 'd-1',
    });
  });

  it('keeps any text in its place: query', async () => {
    const send = await echoing({ method: 'GET', url: 'HOST/echo?to={{ to }}&text={{ text }}&end=1' });
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
    'keeps any text in its place: JSON as %s',
    async (type) => {
      const send = await echoing({
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

  it('keeps any text in its place: form', async () => {
    const send = await echoing({ url: 'HOST/echo', body: 'to={{ to }}&text={{ text }}&end=1' });
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
    'keeps any text in its place: XML as %s',
    async (type) => {
      const send = await echoing({
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

  it('is given a text as it is where the body is neither', async () => {
    const send = await echoing({
      url: 'HOST/echo',
      headers: { 'content-type': 'text/plain' },
      body: '{{ to }}\n{{ text }}',
    });
    expect((await send({ text: '"a" & <b>' })).body).toBe('+14155550100\n"a" & <b>');
  });

  it('is given the longest text whole, however it is escaped', async () => {
    const send = await echoing({ method: 'GET', url: 'HOST/echo?text={{ text }}' });
    const text = '嗨'.repeat(670);
    expect(new URLSearchParams((await send({ text })).path.split('?')[1]).get('text')).toBe(text);
  });

  it.each(['.', '..'])('is not called where the text %j would climb out of its place', async (text) => {
    const server = await startHttpSmsServer({ tls: false });
    const provider = httpSms.create(
      settingsOf({ method: 'GET', url: `${server.url}/echo/{{ text }}/send?text={{ text }}` }),
    );
    open.push(server, provider);
    const expected = { outcome: 'refused', reason: 'message_refused', vendorCode: 'template_failed' };
    expect(await outcome(provider, { text })).toMatchObject(expected);
    expect(server.vendor.requests).toBe(0);
    expect(await outcome(provider, { text: '...' })).toMatchObject({ outcome: 'accepted' });
  });
});

describe('what such a gateway answers', () => {
  const refused = (reason: string, addressIsDead = false): object => ({
    outcome: 'refused',
    reason,
    addressIsDead,
  });
  const misconfigured = { name: 'ProviderMisconfigured', reason: 'provider_misconfigured' };
  const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
  const unknown = { name: 'ProviderUnavailable', mayHaveBeenSent: true };
  const ROWS: Readonly<Record<number, object>> = {
    400: refused('message_refused'),
    401: misconfigured,
    402: { name: 'ProviderMisconfigured', reason: 'no_credit' },
    403: misconfigured,
    404: misconfigured,
    408: unknown,
    410: refused('number_unreachable', true),
    413: refused('message_too_large'),
    422: refused('message_refused'),
    429: { name: 'ProviderOverQuota', retryAfterMs: 1_000 },
    504: unknown,
  };

  it('has a test for every row of the table', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(HTTP_STATUSES));
  });

  it.each([
    ...Object.entries(ROWS),
    ['302', misconfigured],
    ['409', misconfigured],
    ['500', unavailable],
    ['502', unavailable],
    ['503', unavailable],
  ])('status %s', async (status, expected) => {
    for (const successWhen of [undefined, 'json.ok == true']) {
      const { server, provider } = await started(successWhen === undefined ? {} : { successWhen });
      server.script.answerWith({ status: Number(status), body: '{"messages":[{"id":"m-1"}]}' });
      expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: status });
    }
  });

  it.each([
    ['messages[0].id', { messages: [{ id: 'm-7' }] }, 'm-7'],
    ['[1].id', [{}, { id: 'm-8' }], 'm-8'],
    ['data.message-id', { data: { 'message-id': 12_345 } }, '12345'],
    ['a[0][1]', { a: [[1, 'x']] }, 'x'],
  ])('has its id at %s', async (idPath, body, vendorMessageId) => {
    const { server, provider } = await started({ idPath });
    server.script.answerWith(httpReply(201, body));
    expect(await outcome(provider)).toEqual({ outcome: 'accepted', vendorMessageId });
  });

  it('names our reference where it has no id of its own', async () => {
    const server = await startHttpSmsServer({ tls: false });
    const provider = httpSms.create(settingsOf({ method: 'GET', url: `${server.url}/echo?to={{ to }}` }));
    open.push(server, provider);
    expect(await outcome(provider)).toEqual({ outcome: 'accepted', vendorMessageId: MESSAGE.reference });
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
  ])('may have been a yes without an id: %j', async (body) => {
    const { server, provider } = await started();
    server.script.answerWith(httpReply(200, body));
    expect(await outcome(provider)).toMatchObject({ ...unknown, vendorCode: 'invalid_answer' });
    // The operator's own condition decides, where there is one.
    const told = provide(server, { successWhen: 'status == 200' });
    open.push(told);
    expect(await outcome(told)).toEqual({ outcome: 'accepted', vendorMessageId: MESSAGE.reference });
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
  ])('is a success by %s', async (successWhen, answer, expected) => {
    const { server, provider } = await started();
    const judged = provide(server, { successWhen });
    open.push(judged);
    await provider.close();
    server.script.answerWith(answer);
    const accepted = { outcome: 'accepted', vendorMessageId: MESSAGE.reference };
    // Without JSON, where an id is wanted, it is not even a no.
    const isJson = 'body' in answer && answer.body.startsWith('{');
    const no = isJson
      ? { ...refused('message_refused'), vendorCode: 'not_successful' }
      : { ...unknown, vendorCode: 'invalid_answer' };
    expect(await outcome(judged)).toMatchObject(expected ? accepted : no);
  });

  it('is a clear no in words, where no JSON is expected', async () => {
    const server = await startHttpSmsServer({ tls: false });
    const url = `${server.url}/echo?to={{ to }}`;
    const provider = httpSms.create(settingsOf({ method: 'GET', url, successWhen: 'text.startsWith("OK")' }));
    open.push(server, provider);
    expect(await outcome(provider)).toMatchObject({
      ...refused('message_refused'),
      vendorCode: 'not_successful',
    });
  });

  it('may have been a yes where the condition fails on it', async () => {
    const { server, provider } = await started({ successWhen: 'int(json.code) == 0' });
    server.script.answerWith(httpReply(200, { code: 'none' }));
    expect(await outcome(provider)).toMatchObject({ ...unknown, vendorCode: 'invalid_answer' });
  });
});

describe('a wrong setting stops the start, named and not quoted', () => {
  const SECRET = 'hunter2-hunter2';
  it.each<[Partial<HttpSmsSettings>, RegExp]>([
    [{ url: `https://{{ to }}.example.com/${SECRET}` }, /^url has to begin with a host/],
    [{ url: `https://user:${SECRET}@example.com/` }, /^url has to begin with a host/],
    [
      { url: `https://example.com/?p=${SECRET}&t={{ text` },
      /^url is no template in Liquid \(line:1, col:\d+\)$/,
    ],
    [{ url: `https://example.com/?p=${SECRET}&t={{ text | raw }}` }, /^url is no template in Liquid/],
    [{ url: `https://example.com/?p=${SECRET}&t={{ text | shout }}` }, /^url is no template in Liquid/],
    [{ url: `https://example.com/?p=${SECRET}ü` }, /^url has characters that need percent-encoding$/],
    [{ url: `https://example.com/?p=${SECRET}#x` }, /^url has a fragment/],
    [{ url: `https://example.com/${SECRET}/../x` }, /^url is a template that cannot be filled in$/],
    [{ url: `https://example.com/${SECRET}/%2E%2e/x` }, /^url is a template that cannot be filled in$/],
    [{ url: `https://example.com/${'x'.repeat(2_000)}` }, /^url is longer than 2000 characters$/],
    [{ body: `{"p":"${SECRET}","text":{{ text }}}` }, /^body is no JSON: texts stand between quotes/],
    [{ body: `{"p":"${SECRET}","text":{{ text | json }}}` }, /^body is no JSON/],
    [{ body: `{"p":"${SECRET}"{% if statusUrl %},"c":1}{% endif %}` }, /^body is no JSON/],
    [{ body: `{"p":"${SECRET}","text":"{% include "x" %}"}` }, /^body is no template in Liquid/],
    [{ body: `p=${SECRET}{% capture x %}{{ text }}{% endcapture %}` }, /^body is no template in Liquid/],
    [{ body: `p=${SECRET}`, method: 'GET' }, /^body has no place in a GET$/],
    [
      { headers: { 'content-type': `{{ encoding }}/${SECRET}` }, body: 'x' },
      /^headers\.content-type takes no template$/,
    ],
    [{ headers: { 'x-key': `${SECRET}{{ to` } }, /^headers\.x-key is no template in Liquid/],
    [{ headers: { 'x-key': `${SECRET}{{ to | raw }}` } }, /^headers\.x-key is no template in Liquid/],
    [{ headers: { 'x-key': `${SECRET}\r\nx-evil: 1` } }, /^headers\.x-key has to be a text/],
    [{ headers: { 'x-key': 5 as unknown as string } }, /^headers\.x-key has to be a text/],
    [{ headers: { 'x key': SECRET } }, /^headers has a name that is none$/],
    [{ headers: { Host: SECRET } }, /^headers\.Host is set by the connection$/],
    [{ headers: { 'X-Key': SECRET, 'x-key': SECRET } }, /^headers\.x-key is there twice$/],
    [{ idPath: 'messages[x].id' }, /^idPath has to be a path/],
    [{ idPath: '' }, /^idPath has to be a path/],
    [{ idPath: 'a..b' }, /^idPath has to be a path/],
    [{ idPattern: 'OK' }, /^idPattern has to have \{id\} once/],
    [{ codePath: 'a b' }, /^codePath has to be a path/],
    [
      { outcomes: [Object.assign(new HttpOutcomeSettings(), { when: 'json.ok ==', outcome: 'refused' })] },
      /^outcomes\[0\]\.when cannot be read/,
    ],
    [{ successWhen: 'json.ok ==' }, /^successWhen cannot be read/],
    [{ successWhen: 'answer.ok' }, /^successWhen is not a condition: Unknown variable: answer/],
    [{ successWhen: 'status' }, /^successWhen is not a condition/],
    [{ successWhen: 'text.matches("a+")' }, /^successWhen uses matches\(\)/],
  ])('%j', async (over, expected) => {
    let message = '';
    try {
      await httpSms.create(settingsOf({ url: 'https://example.com/sms', ...over })).close();
    } catch (error) {
      ({ message } = error as Error);
      expect(String((error as Error).cause)).not.toContain(SECRET);
    }
    expect(message).toMatch(expected);
    expect(message).not.toContain(SECRET);
  });
});
