// A separate process that only sends the messages that the gateway would send for these events.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { tagOf } from '../../stage/app.mjs';
import { now } from '../../stage/clock.mjs';
import { CA_FILE } from '../../stage/gateway-config.mjs';

/**
 * @typedef {{ url: string, first: number, count: number, concurrency: number }} LoopRequest
 * @typedef {{ tookMs: number, cpuSeconds: number }} Result
 */

/** As the gateway does for this concurrency, with 100 streams per connection. */
const STREAMS_PER_SESSION = 50;
const ca = readFileSync(CA_FILE);
const HEADERS = {
  ':method': 'POST',
  ':path': '/v1/projects/bench/messages:send',
  authorization: `Bearer ${'a'.repeat(200)}`,
  'content-type': 'application/json',
};
const DETAILS = /** @type {{ data: { notificationDetails: Record<string, unknown> } }} */ (
  JSON.parse(readFileSync('test/fixtures/payloads/push-chat.json', 'utf8'))
).data.notificationDetails;

/** @param {number} event */
const messageOf = (event) => {
  const body = `Hello!${' and more of it'.repeat(35)}`;
  const tag = tagOf(String(event).padStart(9, '0'));
  const data = { ...DETAILS, body, tag, unreadMessageCount: '5', custom: JSON.stringify(DETAILS['custom']) };
  return JSON.stringify({
    message: { token: 't'.repeat(150), data, android: { priority: 'HIGH', ttl: '86400s' } },
  });
};

/** @param {http2.ClientHttp2Session} session @param {number} event @returns {Promise<void>} */
const send = (session, event) =>
  new Promise((resolve, reject) => {
    const stream = session.request(HEADERS);
    let status = 0;
    let text = '';
    stream.setEncoding('utf8');
    stream.on('response', (headers) => (status = Number(headers[':status'])));
    stream.on('data', (/** @type {string} */ chunk) => (text += chunk));
    stream.on('end', () => {
      if (status === 200 && text.startsWith('{"name":')) resolve();
      else reject(new Error(`Answered ${status}.`));
    });
    stream.on('error', reject);
    stream.end(messageOf(event));
  });

/** @param {LoopRequest} request @returns {Promise<Result>} */
async function run({ url, first, count, concurrency }) {
  const sessions = Array.from({ length: Math.ceil(concurrency / STREAMS_PER_SESSION) }, () =>
    http2.connect(url, { ca, maxSessionMemory: 64 }),
  );
  await Promise.all(
    sessions.map((session) => new Promise((resolve) => session.once('remoteSettings', resolve))),
  );
  const cpu = process.cpuUsage();
  const startedAt = now();
  let next = first;
  const keepSending = async (/** @type {number} */ index) => {
    const session = sessions[index % sessions.length];
    if (!session) throw new Error('There is no connection.');
    while (next < first + count) await send(session, next++);
  };
  await Promise.all(Array.from({ length: concurrency }, (_, index) => keepSending(index)));
  const tookMs = now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  for (const session of sessions) session.close();
  return { tookMs, cpuSeconds: (user + system) / 1e6 };
}

process.on('message', (/** @type {LoopRequest} */ request) => {
  void run(request).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));
