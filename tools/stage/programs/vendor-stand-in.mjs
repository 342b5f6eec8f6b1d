// Run as a process of its own: answers as FCM does, LATENCY_MS after each request, over TLS, HTTP/2 with 100 streams a
// connection (as Google's front end) or HTTP/1.1, as Google's token endpoint, and as a vendor of texts. Tells its port
// and, when asked, what it counted and which events of `../app.mjs` it took, and when. Can be told to misbehave.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { TAG_PATTERN } from '../app.mjs';
import { now } from '../clock.mjs';

/**
 * What it has taken since it was asked last: the number of each event, each time that it came, and the moment.
 *
 * @typedef {{ events: number[], at: number[] }} Taken
 *
 * How it behaves. But for `well` and `slow` it takes nothing.
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

let answered = 0;
let connections = 0;
/** @type {Taken} */
let taken = { events: [], at: [] };
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
      const latencyMs = behaviour.mode === 'slow' ? behaviour.latencyMs : normalLatencyMs;
      setTimeout(() => answer(response, body), latencyMs);
    });
  },
);

/** @param {http2.Http2ServerResponse} response @param {string} body of the request */
function answer(response, body) {
  switch (behaviour.mode) {
    case 'hang':
      return;
    case 'reset':
      // Of an HTTP/2 session only the socket itself may be destroyed.
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
    case 'expired': // whoever still speaks to it does not mind
      take(response, body);
  }
}

/** @param {http2.Http2ServerResponse} response @param {string} body */
function take(response, body) {
  answered++;
  response.writeHead(200, JSON_TYPE);
  response.end(`{"name":"projects/p/messages/${answered}"}`);
  const event = TAG_PATTERN.exec(body)?.[1];
  if (event === undefined) return;
  taken.events.push(Number(event));
  taken.at.push(now());
}

/** @param {Behaviour} next */
function behave(next) {
  const isOtherCertificate = (behaviour.mode === 'expired') !== (next.mode === 'expired');
  behaviour = next;
  if (!isOtherCertificate) return;
  server.setSecureContext({ key, cert: next.mode === 'expired' ? expired : cert });
  // Whoever is connected has seen the certificate that was.
  for (const socket of sockets) socket.destroy();
}

server.on('secureConnection', () => connections++);
server.on('connection', (/** @type {import('node:net').Socket} */ socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
});
// A client that ends its connections abruptly is no reason to end.
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
      taken = { events: [], at: [] };
      break;
    default:
      behave(question);
      process.send?.({ behaviour });
      break;
  }
});
process.on('disconnect', () => process.exit(0));
