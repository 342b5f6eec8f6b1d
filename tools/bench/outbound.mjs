// `npm run bench:outbound`: messages per second from one process to an FCM that answers after 50 ms, with the gateway's
// HTTP client and with others (ADR 0007). The vendor stand-in verifies the count of every run.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import tls from 'node:tls';
import { initializeApp } from 'firebase-admin/app';
import { getMessaging } from 'firebase-admin/messaging';
import { Pool } from 'undici';
import '../../scripts/typescript/register.mjs';
import { machine, measure, table, takeTurns } from './runs.mjs';

const { connectTo } = await import('../../src/providers/http-client/connect-to.js');

const MESSAGES = 5_000;
const TURNS = 5;
const CONCURRENCY = 500;
const LATENCY_MS = 50;

const CA = readFileSync('test/fixtures/tls/ca.pem', 'utf8');
const PATH = '/v1/projects/p/messages:send';
const HEADERS = { authorization: `Bearer ${'a'.repeat(200)}`, 'content-type': 'application/json' };
const DATA = { type: 'chat', title: 'Andrew Joseph', body: 'Hello!', tag: '123', message: 'x'.repeat(800) };
const TOKEN = 't'.repeat(150);

/**
 * @typedef {object} Candidate
 * @property {string} name
 * @property {number} [messages]
 * @property {(url: string) => { send: () => Promise<unknown>, close: () => Promise<unknown> }} open
 */

/** The body of every candidate, built for each message as in the gateway. */
const body = () =>
  JSON.stringify({ message: { token: TOKEN, data: DATA, android: { priority: 'HIGH', ttl: '86400s' } } });

/** @param {unknown} answer @param {number} status */
function check(answer, status) {
  if (status !== 200 || typeof Reflect.get(Object(answer), 'name') !== 'string')
    throw new Error(`Answered ${status}.`);
}

/** @type {Candidate} */
const own = {
  name: 'the gateway',
  open: (url) => {
    const client = connectTo({ endpoint: url, ca: CA, protocol: 'h2' });
    return {
      send: async () => {
        const answer = await client.request({
          method: 'POST',
          path: PATH,
          headers: HEADERS,
          body: body(),
          timeoutMs: 10_000,
        });
        check(JSON.parse(answer.body), answer.status);
      },
      close: () => client.close(),
    };
  },
};

/** @param {number} count @returns {Candidate} */
const rawHttp2 = (count) => ({
  name: `node:http2, ${count} connection${count === 1 ? '' : 's'}`,
  open: (url) => {
    const sessions = Array.from({ length: count }, () =>
      http2.connect(url, { ca: CA, maxSessionMemory: 64 }),
    );
    let turn = 0;
    return {
      send: () =>
        new Promise((resolve, reject) => {
          const session = sessions[turn++ % count];
          if (!session) throw new Error('There is no connection.');
          const stream = session.request({ ':method': 'POST', ':path': PATH, ...HEADERS });
          let status = 0;
          let text = '';
          stream.setEncoding('utf8');
          stream.on('response', (headers) => (status = Number(headers[':status'])));
          stream.on('data', (/** @type {string} */ chunk) => (text += chunk));
          stream.on('end', () => {
            check(JSON.parse(text), status);
            resolve(undefined);
          });
          stream.on('error', reject);
          stream.end(body());
        }),
      close: () =>
        Promise.all(
          sessions.map((session) => new Promise((resolve) => session.close(() => resolve(undefined)))),
        ),
    };
  },
});

/**
 * @param {string} name
 * @param {Pool.Options} options
 * @param {{ idempotent?: boolean, messages?: number }} [more]
 * @returns {Candidate}
 */
const undici = (name, options, { idempotent, messages } = {}) => ({
  name,
  ...(messages === undefined ? {} : { messages }),
  open: (url) => {
    const pool = new Pool(url, { ...options, connect: { ca: CA } });
    return {
      send: async () => {
        const request = { method: /** @type {const} */ ('POST'), path: PATH, headers: HEADERS, body: body() };
        const answer = await pool.request(idempotent === undefined ? request : { ...request, idempotent });
        check(await answer.body.json(), answer.statusCode);
      },
      close: () => pool.close(),
    };
  },
});

let apps = 0;
/** Its host is fixed, so the agent redirects the connections: persistent, and as many as undici's. @type {Candidate} */
const firebaseAdmin = {
  name: 'firebase-admin send()',
  open: (url) => {
    const { port } = new URL(url);
    const agent = new https.Agent({ keepAlive: true, maxSockets: CONCURRENCY });
    Reflect.set(agent, 'createConnection', () =>
      tls.connect({
        host: '127.0.0.1',
        port: Number(port),
        servername: 'localhost',
        ca: CA,
        ALPNProtocols: ['http/1.1'],
      }),
    );
    const credential = { getAccessToken: async () => ({ access_token: 'a'.repeat(200), expires_in: 3_600 }) };
    const app = initializeApp({ credential, projectId: 'p', httpAgent: agent }, `bench-${apps++}`);
    const messaging = getMessaging(app);
    return {
      send: () =>
        messaging.send({ token: TOKEN, data: DATA, android: { priority: 'high', ttl: 86_400_000 } }),
      close: async () => agent.destroy(),
    };
  },
};

/** @type {readonly Candidate[]} */
const candidates = [
  own,
  rawHttp2(1),
  rawHttp2(10),
  undici(`undici, HTTP/1.1, ${CONCURRENCY} connections`, { connections: CONCURRENCY }),
  undici(
    'undici, HTTP/2, marked idempotent',
    { connections: 10, allowH2: true, pipelining: 100 },
    { idempotent: true },
  ),
  // Few messages: by default it sends one at a time.
  undici('undici, HTTP/2, defaults', { connections: 1, allowH2: true }, { messages: 40 }),
  firebaseAdmin,
];

const standIn = fork(new URL('../stage/programs/vendor-stand-in.mjs', import.meta.url), {
  env: { ...process.env, LATENCY_MS: String(LATENCY_MS) },
});
/** @returns {Promise<Record<string, number>>} */
const answered = async () => /** @type {[Record<string, number>]} */ (await once(standIn, 'message'))[0];
const { port } = await answered();

const runs = await takeTurns(candidates, TURNS, async ({ name, messages = MESSAGES, open }) => {
  const { send, close } = open(`https://localhost:${port}`);
  // Warm-up: the gateway's connections stay open for days, so opening them is not measured.
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, messages) }, send));
  const run = await measure(messages, CONCURRENCY, send);
  await close();
  standIn.send('count');
  const { answered: count } = await answered();
  const expected = messages + Math.min(CONCURRENCY, messages);
  if (count !== expected) throw new Error(`${name}: ${count} answered instead of ${expected}.`);
  return run;
});
standIn.disconnect();
console.log(
  `Messages per second of one process to an FCM that answers after ${LATENCY_MS} ms: ${MESSAGES} per run, ${CONCURRENCY} concurrent,\n` +
    `medians of ${TURNS} runs, ${machine()}\n\n${table(runs)}`,
);
