// Run by the benchmarks as a process of its own: answers as FCM does, LATENCY_MS after each request, over TLS, HTTP/2
// with 100 streams a connection (as Google's front end) or HTTP/1.1, and as Google's token endpoint. Tells its port
// and, when asked, what it counted and which events of `../app.mjs` it was sent, and when it took them.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { TAG_PATTERN } from '../app.mjs';
import { now } from '../clock.mjs';

/**
 * What it has taken since it was asked last: the number of each event, each time that it came, and the moment.
 *
 * @typedef {{ events: number[], at: number[] }} Taken
 */

const latencyMs = Number(process.env['LATENCY_MS']);
const key = readFileSync('test/fixtures/tls/server.key');
const cert = readFileSync('test/fixtures/tls/server.pem');
const TOKEN = JSON.stringify({ access_token: 'a'.repeat(200), expires_in: 3_600, token_type: 'Bearer' });

let answered = 0;
let connections = 0;
/** @type {Taken} */
let taken = { events: [], at: [] };

const server = http2.createSecureServer(
  { key, cert, allowHTTP1: true, settings: { maxConcurrentStreams: 100 } },
  (request, response) => {
    let body = '';
    request.setEncoding('latin1');
    request.on('data', (/** @type {string} */ chunk) => (body += chunk));
    request.on('end', () => {
      if (request.url === '/token') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(TOKEN);
        return;
      }
      setTimeout(() => {
        answered++;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`{"name":"projects/p/messages/${answered}"}`);
        const event = TAG_PATTERN.exec(body)?.[1];
        if (event === undefined) return;
        taken.events.push(Number(event));
        taken.at.push(now());
      }, latencyMs);
    });
  },
);
server.on('secureConnection', () => connections++);
// A client that ends its connections abruptly is no reason to end.
server.on('sessionError', () => undefined);
server.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.({ port: address?.port });
});

process.on('message', (/** @type {'count' | 'progress' | 'taken'} */ question) => {
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
  }
});
process.on('disconnect', () => process.exit(0));
