// A separate process that reads event streams like the tabs of operators, which hardly uses CPU time itself. On `open` it
// opens them and answers once each has begun; on `close` it ends them and answers with what came.
import http from 'node:http';
import { OPERATOR } from '../../stage/app.mjs';

/**
 * @typedef {{ open: { url: string, count: number } } | 'close'} Request
 * @typedef {{ bytes: number, events: number, ended: number }} Read `events`: notifications on the first stream; `ended`: streams
 *   that the gateway ended
 */

const TOPICS = 'notifications,sandbox,status';
const authorization = `Basic ${Buffer.from(`${OPERATOR.username}:${OPERATOR.password}`).toString('base64')}`;

/** @type {http.ClientRequest[]} */
let streams = [];
let isClosing = false;
/** @type {Read} */
let read = { bytes: 0, events: 0, ended: 0 };

/** @param {string} url @param {boolean} isFirst @returns {Promise<void>} */
function openOne(url, isFirst) {
  const request = http.get(`${url}/v1/events?topics=${TOPICS}`, { agent: false, headers: { authorization } });
  streams.push(request);
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`The stream was answered ${response.statusCode}.`));
      response.on('data', (/** @type {Buffer} */ chunk) => {
        read.bytes += chunk.length;
        if (isFirst) read.events += chunk.toString('latin1').split('event: notification\n').length - 1;
        // The greeting is the status.
        resolve();
      });
      response.on('error', () => undefined);
      response.on('close', () => {
        if (!isClosing) read.ended++;
      });
    });
  });
}

/** @param {Request} request */
async function answer(request) {
  if (request === 'close') {
    isClosing = true;
    for (const stream of streams) stream.destroy();
    const result = read;
    streams = [];
    read = { bytes: 0, events: 0, ended: 0 };
    return result;
  }
  const { url, count } = request.open;
  isClosing = false;
  await Promise.all(Array.from({ length: count }, (_, index) => openOne(url, index === 0)));
  return 'open';
}

process.on('message', (/** @type {Request} */ request) => {
  void answer(request).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));
