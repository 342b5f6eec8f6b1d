// Run by `bench:outbound` as a process of its own: answers as FCM does, LATENCY_MS after each request, over TLS, HTTP/2
// with 100 streams a connection (as Google's front end) or HTTP/1.1. Tells its port and, when asked, what it counted.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';

const latencyMs = Number(process.env['LATENCY_MS']);
const key = readFileSync('test/fixtures/tls/server.key');
const cert = readFileSync('test/fixtures/tls/server.pem');

let answered = 0;
let connections = 0;

const server = http2.createSecureServer(
  { key, cert, allowHTTP1: true, settings: { maxConcurrentStreams: 100 } },
  (request, response) => {
    request.resume();
    request.on('end', () => {
      setTimeout(() => {
        answered++;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`{"name":"projects/p/messages/${answered}"}`);
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

process.on('message', () => {
  process.send?.({ answered, connections });
  answered = 0;
  connections = 0;
});
process.on('disconnect', () => process.exit(0));
