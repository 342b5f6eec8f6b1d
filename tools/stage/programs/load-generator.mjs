// A separate process that posts webhooks over bare sockets, so that the measurement covers the server and not its
// client. Answers each request of its parent, one at a time, with the result.
import { percentile } from '../../simulator/report.mjs';
import { now } from '../clock.mjs';
import { Connection } from './connection.mjs';
import { WebhookTemplate } from './webhook-template.mjs';

/**
 * @typedef {object} LoadRequest
 * @property {string} url of the server
 * @property {string} [appId]
 * @property {'chat' | 'call'} kind
 * @property {number} first number of the first event; the others follow it
 * @property {number} people users among whom the events are distributed
 * @property {number} [connections] persistent connections, opened before the run, each of which posts again once it is
 *   answered; unset: a new connection per event
 * @property {number} [count] maximum number of events
 * @property {number} [durationMs] time for which new events are posted
 * @property {number} [everyMs] on new connections: time between two events; 0: all at once
 *
 * The result. Times are those of `now()`, which all processes of the machine share.
 *
 * @typedef {object} Posted
 * @property {number} first
 * @property {number} sent events posted
 * @property {number} duplicates answers with `duplicate: true`
 * @property {Record<number, string>} refused reason for each event not answered 200
 * @property {number} startedAt
 * @property {number} tookMs until the last answer
 * @property {{ p50: number, p99: number, max: number }} answeredInMs
 * @property {number[]} postedAt per event, on new connections only
 * @property {number} cpuShare share of one core used by this process
 */

/** Maximum duration of a run without `durationMs`. */
const RUN_TIMEOUT_MS = 120_000;

/** @param {LoadRequest} request @returns {Promise<Posted>} */
async function run({ url, appId, kind, first, people, connections, count, durationMs, everyMs = 0 }) {
  const { port, hostname } = new URL(url);
  const address = { port: Number(port), host: hostname };
  const template = new WebhookTemplate(kind, `${hostname}:${port}`, appId);
  /** @type {number[]} */
  const answeredInMs = [];
  /** @type {number[]} */
  const postedAt = [];
  /** @type {Record<number, string>} */
  const refused = {};
  let duplicates = 0;
  let sent = 0;
  let lastAnswerAt = 0;

  /** @param {Connection} connection @param {number} event */
  const postOn = async (connection, event) => {
    sent++;
    const at = now();
    const answer = await connection.post(template.write(connection.buffer, event, people));
    lastAnswerAt = now();
    answeredInMs.push(lastAnswerAt - at);
    if (answer.status !== 200) refused[event] = answer.fault ?? String(answer.status);
    else if (answer.isDuplicate) duplicates++;
    return at;
  };

  // Node accepts one connection per iteration of its event loop, so under load the last one would wait until the end
  // of the run (libuv/libuv#3696).
  const warmUp = Buffer.from(`GET /health/live HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
  const persistent = Array.from({ length: connections ?? 0 }, () => new Connection(address, template.size));
  await Promise.all(persistent.map((connection) => connection.post(warmUp)));

  const cpu = process.cpuUsage();
  const startedAt = now();
  const endAt = startedAt + (durationMs ?? RUN_TIMEOUT_MS);
  const endEvent = first + (count ?? Number.POSITIVE_INFINITY);
  let next = first;
  /** @param {Connection} connection */
  const keepPosting = async (connection) => {
    while (next < endEvent && now() < endAt) await postOn(connection, next++);
    connection.close();
  };
  /** @param {number} index */
  const postOnce = async (index) => {
    const wait = startedAt + index * everyMs - now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const connection = new Connection(address, template.size);
    postedAt[index] = await postOn(connection, first + index);
    connection.close();
  };
  await Promise.all(
    connections === undefined
      ? Array.from({ length: count ?? 0 }, (_, index) => postOnce(index))
      : persistent.map(keepPosting),
  );
  const { user, system } = process.cpuUsage(cpu);
  const sorted = answeredInMs.toSorted((a, b) => a - b);
  return {
    first,
    sent,
    duplicates,
    refused,
    startedAt,
    tookMs: lastAnswerAt - startedAt,
    answeredInMs: {
      p50: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99),
      max: sorted.at(-1) ?? 0,
    },
    postedAt,
    cpuShare: (user + system) / 1_000 / (now() - startedAt),
  };
}

process.on('message', (/** @type {LoadRequest} */ request) => {
  void run(request).then((posted) => process.send?.(posted));
});
process.on('disconnect', () => process.exit(0));
