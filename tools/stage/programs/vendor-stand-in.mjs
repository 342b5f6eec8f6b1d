// A separate process that answers like FCM, Google's token endpoint and an SMS vendor, LATENCY_MS after each request,
// over TLS with HTTP/2 (100 streams per connection, like Google) or HTTP/1.1. It sends its port to its parent and, on
// request, its counts and the events of `../app.mjs` that it accepted, with times. It can simulate faults.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { TAG_PATTERN } from '../app.mjs';
import { now } from '../clock.mjs';

/**
 * Each accepted event since the last question, repeats included: its number, when it was accepted, and when its request
 * had arrived.
 *
 * @typedef {{ events: number[], at: number[], arrivedAt: number[] }} Taken
 *
 * In all modes but `well` and `slow`, it accepts no message.
 *
 * @typedef {{ mode: 'well' | 'hang' | 'reset' | 'garbage' | 'error' | 'expired' }
 *   | { mode: 'slow', latencyMs: number } | { mode: 'quota', retryAfterS: number }} Behaviour
 *
 * @typedef {'count' | 'progress' | 'taken' | Behaviour} Question
 */

const normalLatencyMs = Number(process.env['LATENCY_MS']);
const key = readFileSync('test/fixtures/tls/server.key');
const cert = readFileSync('test/fixtures/tls/server.pem');
const expired = readFileSync('test/fixtures/tls/expired.pem');
const TOKEN = JSON.stringify({ access_token: 'a'.repeat(200), expires_in: 3_600, token_type: 'Bearer' });
const JSON_TYPE = { 'content-type': 'application/json' };

/** @returns {Taken} */
const nothing = () => ({ events: [], at: [], arrivedAt: [] });

let answered = 0;
let connections = 0;
/** @type {Taken} */
let taken = nothing();
/** @type {Behaviour} */
let behaviour = { mode: 'well' };
/** @type {Set<import('node:net').Socket>} */
const sockets = new Set();

const server = http2.createSecureServer(
  { key, cert, allowHTTP1: true, settings: { maxConcurrentStreams: 100 } },
  (request, response) => {
    let body = '';
    request.setEncoding('latin1');
    request.on('data', (/** @type {string} */ chunk) => (body += chunk));
    request.on('end', () => {
      if (request.url === '/token') {
        response.writeHead(200, JSON_TYPE);
        response.end(TOKEN);
        return;
      }
      const arrivedAt = now();
      const latencyMs = behaviour.mode === 'slow' ? behaviour.latencyMs : normalLatencyMs;
      setTimeout(() => answer(response, { body, arrivedAt }), latencyMs);
    });
  },
);

/** @typedef {{ body: string, arrivedAt: number }} Request */

/** @param {http2.Http2ServerResponse} response @param {Request} request */
function answer(response, request) {
  switch (behaviour.mode) {
    case 'hang':
      return;
    case 'reset':
      // An HTTP/2 session allows only its socket to be destroyed.
      for (const socket of sockets) socket.destroy();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body>It works!</body></html>');
      return;
    case 'error':
      response.writeHead(503, JSON_TYPE);
      response.end('{"error":{"code":503,"status":"UNAVAILABLE"}}');
      return;
    case 'quota':
      response.writeHead(429, { ...JSON_TYPE, 'retry-after': String(behaviour.retryAfterS) });
      response.end('{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}');
      return;
    case 'well':
    case 'slow':
    case 'expired': // the request arrived on a connection that had accepted the certificate
      take(response, request);
  }
}

/** @param {http2.Http2ServerResponse} response @param {Request} request */
function take(response, { body, arrivedAt }) {
  answered++;
  response.writeHead(200, JSON_TYPE);
  response.end(`{"name":"projects/p/messages/${answered}"}`);
  const event = TAG_PATTERN.exec(body)?.[1];
  if (event === undefined) return;
  taken.events.push(Number(event));
  taken.at.push(now());
  taken.arrivedAt.push(arrivedAt);
}

/** @param {Behaviour} next */
function behave(next) {
  const isOtherCertificate = (behaviour.mode === 'expired') !== (next.mode === 'expired');
  behaviour = next;
  if (!isOtherCertificate) return;
  server.setSecureContext({ key, cert: next.mode === 'expired' ? expired : cert });
  // Open connections have verified the previous certificate.
  for (const socket of sockets) socket.destroy();
}

server.on('secureConnection', () => connections++);
server.on('connection', (/** @type {import('node:net').Socket} */ socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
});
// Clients may end connections abruptly.
server.on('sessionError', () => undefined);
server.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.({ port: address?.port });
});

process.on('message', (/** @type {Question} */ question) => {
  switch (question) {
    case 'count':
      process.send?.({ answered, connections });
      answered = 0;
      connections = 0;
      break;
    case 'progress':
      process.send?.(taken.events.length);
      break;
    case 'taken':
      process.send?.(taken);
      taken = nothing();
      break;
    default:
      behave(question);
      process.send?.({ behaviour });
      break;
  }
});
process.on('disconnect', () => process.exit(0));
