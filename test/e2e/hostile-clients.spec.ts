import { beforeAll, describe, expect, it } from '@jest/globals';
import { basic, startTestGateway, WEBHOOK_AUTH, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { errorOf, openRaw, statusesOf, type RawConnection } from '../support/raw-http.js';

const MAX_CONNECTIONS = 300;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    config: { http: { requestTimeoutMs: 600, maxConnections: MAX_CONNECTIONS } },
  });
});

/** Sends a string repeatedly until the connection ends. */
const trickle = ({ send, ended }: RawConnection, text: string): void => {
  const timer = setInterval(() => send(text), 50);
  void ended().then(() => clearInterval(timer));
};

const open = () => openRaw(gateway.url);
// Opened first, so that they time out while the other tests run.
let silent: RawConnection;
let talkative: RawConnection;
beforeAll(async () => {
  silent = await open();
  talkative = await openRaw(gateway.url, true);
  talkative.send('nonsense\r\n\r\n');
  trickle(talkative, 'x');
});
const HEAD = 'POST /webhooks/cometchat/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const SIGNED_IN = `${HEAD}Authorization: ${WEBHOOK_AUTH}\r\n`;
const LIVE = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
const webhook = (tag: string, head = SIGNED_IN): string => {
  const body = JSON.stringify(push({ tag }));
  return `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

describe('the request timeout', () => {
  it('answers an incomplete request with 408', async () => {
    const cases: [string, string][] = [
      ['GET /health/live HTTP/1.1\r\n', 'X-A: b\r\n'],
      [`${SIGNED_IN}Content-Length: 1000\r\n\r\n{`, ' '],
      [`${SIGNED_IN}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
      [`${SIGNED_IN}Content-Length: 1000\r\n\r\n{}`, ''],
    ];
    const all = cases.map(async ([start, more]) => {
      const connection = await open();
      connection.send(start);
      if (more !== '') trickle(connection, more);
      const received = await connection.ended();
      expect([start, statusesOf(received)]).toEqual([start, [408]]);
      expect(errorOf(received)).toMatchObject({ statusCode: 408, code: 'REQUEST.TIMEOUT' });
      expect(received).toContain(`X-Request-Id: ${errorOf(received).requestId}`);
    });
    await Promise.all(all);
  });

  it('closes a silent connection without an answer', async () => {
    expect(await silent.ended()).toBe('');
  });
});

const cases: [string, string, number][] = [
  ['headers beyond 16 kB', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'secret'.repeat(3_000)}\r\n\r\n`, 431],
  ['many headers beyond 16 kB', `GET / HTTP/1.1\r\n${'X-A: secret\r\n'.repeat(3_000)}`, 431],
  ['an address beyond 16 kB', `GET /${'secret'.repeat(3_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ['binary noise', '\u0000\u0001secret\r\n\r\n', 400],
  ['a TLS handshake', '\u0016\u0003\u0001\u0002\u0000secret', 400],
  [
    'a length beside chunks',
    `${SIGNED_IN}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nsecret`,
    400,
  ],
  [
    'chunks beside a length',
    `${SIGNED_IN}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nsecret`,
    400,
  ],
  ['two lengths', `${SIGNED_IN}Content-Length: 5\r\nContent-Length: 6\r\n\r\nsecret`, 400],
  ['an invalid length', `${SIGNED_IN}Content-Length: +5\r\n\r\nsecret`, 400],
  ['chunks that are not the last coding', `${SIGNED_IN}Transfer-Encoding: chunked, gzip\r\n\r\nsecret`, 400],
  ['a blank before the colon', `${SIGNED_IN}Content-Length : 5\r\n\r\nsecret`, 400],
  ['a header on two lines', `${SIGNED_IN}X-A: b\r\n secret\r\n\r\n`, 400],
  ['lines that end in LF alone', SIGNED_IN.replaceAll('\r\n', '\n') + 'Content-Length: 0\n\nsecret', 400],
  ['a request without a host', 'GET /health/live HTTP/1.1\r\nX-A: secret\r\n\r\n', 400],
];

describe('a malformed request', () => {
  it.each(cases)('is refused without echoing its content: %s', async (_, text, status) => {
    const connection = await open();
    connection.send(text);
    const received = await connection.ended();
    expect(statusesOf(received)).toEqual([status]);
    expect(received).not.toContain('secret');
    expect(received).toMatch(/\r\nconnection: close\r\n/i);
  });

  it('ends the connection even if its client keeps sending', async () => {
    expect(statusesOf(await talkative.ended())).toEqual([400]);
  });

  it('does not discard the answer to a valid request before it', async () => {
    const connection = await open();
    connection.send(`${webhook('before-garbage')}\u0000garbage\r\n\r\n`);
    const received = await connection.ended();
    expect(statusesOf(received)).toEqual([200]);
    expect(received).toContain('Webhook received successfully');
  });
});

describe('pipelined requests', () => {
  it('are limited if the client does not read the answers', async () => {
    const connection = await open();
    connection.socket.pause();
    connection.send(LIVE.repeat(1_000));
    connection.socket.resume();
    expect(statusesOf(await connection.ended()).length).toBeLessThan(1_000);
    const modest = await open();
    modest.send(LIVE.repeat(8));
    await modest.until(/(HTTP[^]*){8}/);
    modest.socket.destroy();
  });
});

describe('the body of a refused request', () => {
  const UNKNOWN = `${HEAD}Authorization: Basic d3Jvbmc6d3Jvbmc=\r\n`;

  it.each([
    ['of a length', 'Content-Length: 1000000000\r\n\r\n'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n3b9aca00\r\n'],
  ])('is not awaited before the answer is sent: a body %s', async (_, rest) => {
    const waiting = await open();
    waiting.send(UNKNOWN + rest);
    const eager = await open();
    eager.send(UNKNOWN + rest);
    const sending = setInterval(() => eager.received() === '' && eager.send(Buffer.alloc(1_000_000)), 0);
    for (const connection of [waiting, eager]) {
      const received = await connection.ended();
      expect([statusesOf(received), connection.wasReset()]).toEqual([[401], false]);
      expect(received).toMatch(/\r\nconnection: close\r\n/i);
    }
    clearInterval(sending);
  });

  it('is not requested by 100 Continue', async () => {
    const unknown = await open();
    unknown.send(`${UNKNOWN}Expect: 100-continue\r\nContent-Length: 100\r\n\r\n`);
    expect(statusesOf(await unknown.ended())).toEqual([401]);

    const known = await open();
    const [head = '', body = ''] = webhook('asked-for', `${SIGNED_IN}Expect: 100-continue\r\n`).split(
      '\r\n\r\n',
    );
    known.send(`${head}\r\n\r\n`);
    await known.until(/100 Continue/);
    known.send(body);
    expect(statusesOf(await known.until(/successfully/))).toEqual([100, 200]);
    known.socket.destroy();
  });

  it('keeps the connection open if it is short', async () => {
    const connection = await open();
    connection.send(webhook('wrong', UNKNOWN));
    await connection.until(/ 401 /);
    connection.send(webhook('right'));
    expect(statusesOf(await connection.until(/successfully/))).toEqual([401, 200]);
    connection.socket.destroy();
  });

  it('is cut off with 413 as soon as its chunks exceed the limit', async () => {
    const connection = await open();
    connection.send(`${SIGNED_IN}Transfer-Encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 21; i++) connection.send(`186a0\r\n${' '.repeat(100_000)}\r\n`);
    const received = await connection.ended();
    expect(statusesOf(received)).toEqual([413]);
    expect(errorOf(received).code).toBe('REQUEST.TOO_LARGE');
  });
});

describe('the connection limit', () => {
  const hold = async (count: number, send = ''): Promise<Awaited<ReturnType<typeof open>>[]> => {
    const held = await Promise.all(Array.from({ length: count }, open));
    held.forEach((connection) => connection.send(send));
    return held;
  };

  it.each([
    ['silent', ''],
    ['half-sent', 'POST /webhooks/cometchat/push HTTP/1.1\r\nX: '],
    ['idle', LIVE],
  ])('closes %s connections to make room for webhooks', async (_, send) => {
    const held: Awaited<ReturnType<typeof open>>[] = [];
    for (let i = 0; i < 5; i++) {
      held.push(...(await hold(100, send)));
      const connection = await open();
      connection.send(webhook(`among-${send.length}-${i}`));
      expect(statusesOf(await connection.until(/successfully/))).toEqual([200]);
      connection.socket.destroy();
    }
    expect(held.filter(({ socket }) => socket.destroyed).length).toBeGreaterThanOrEqual(
      500 - MAX_CONNECTIONS,
    );
    held.forEach(({ socket }) => socket.destroy());
  });
});

describe('X-Forwarded-For from an untrusted proxy', () => {
  it('does not spread wrong credentials over many addresses', async () => {
    const guess = (i: number) => ({
      authorization: basic('cometchat', `guess-${i}`),
      'x-forwarded-for': `192.0.2.${i}`,
    });
    const statuses: number[] = [];
    for (let i = 0; i < 110; i++) statuses.push((await gateway.webhook('push', push(), guess(i))).statusCode);
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.slice(-5)).toEqual([429, 429, 429, 429, 429]);
    expect((await gateway.webhook('push', push({ tag: 'still' }))).statusCode).toBe(200);
  });
});

describe('the shutdown', () => {
  it('does not wait for idle and half-sent connections', async () => {
    const unused = await openRaw(gateway.url, true);
    const halfSent = await openRaw(gateway.url, true);
    halfSent.send(`${SIGNED_IN}Content-Length: 1000\r\n\r\n`);
    trickle(halfSent, ' ');
    await expect(gateway.close()).resolves.toBeUndefined();
    unused.socket.destroy();
    halfSent.socket.destroy();
  });
});
