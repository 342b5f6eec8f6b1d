// Run as a process of its own: posts webhooks over bare sockets, so that what is measured is the server and not its
// client. Takes orders from its parent, one at a time, and answers each with what came of it.
import { percentile } from '../../simulator/report.mjs';
import { now } from '../clock.mjs';
import { Connection } from './connection.mjs';
import { WebhookTemplate } from './webhook-template.mjs';

/**
 * @typedef {object} Order
 * @property {string} url where the server listens
 * @property {'chat' | 'call'} kind
 * @property {number} first the number of the first event; the others follow it
 * @property {number} people among how many persons the events are spread
 * @property {number} [connections] how many connections are kept open, each posting as soon as it is answered; unset:
 *   every event has a fresh connection of its own
 * @property {number} [count] how many events at most
 * @property {number} [durationMs] how long new events are posted
 * @property {number} [everyMs] on fresh connections: the time between two events, 0 for all at once
 *
 * What came of an order. Times are those of `now()`, which all processes of the machine share.
 *
 * @typedef {object} Posted
 * @property {number} first
 * @property {number} sent how many events were posted
 * @property {number} duplicates answers that took the event for one that was known
 * @property {Record<number, string>} refused why, for each event that was not answered 200
 * @property {number} startedAt
 * @property {number} tookMs until the last answer
 * @property {{ p50: number, p99: number, max: number }} answeredInMs
 * @property {number[]} postedAt for each event, on fresh connections only
 * @property {number} cpuShare how much of one core this process used
 */

/** Past this, a server that does not answer any more has lost the run. */
const GIVE_UP_AFTER_MS = 120_000;

/** @param {Order} order @returns {Promise<Posted>} */
async function carryOut({ url, kind, first, people, connections, count, durationMs, everyMs = 0 }) {
  const { port, hostname } = new URL(url);
  const address = { port: Number(port), host: hostname };
  const template = new WebhookTemplate(kind, `${hostname}:${port}`);
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

  const cpu = process.cpuUsage();
  const startedAt = now();
  const endAt = startedAt + (durationMs ?? GIVE_UP_AFTER_MS);
  const endEvent = first + (count ?? Number.POSITIVE_INFINITY);
  let next = first;
  const keepPosting = async () => {
    const connection = new Connection(address, template.size);
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
      : Array.from({ length: connections }, keepPosting),
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

process.on('message', (/** @type {Order} */ order) => {
  void carryOut(order).then((posted) => process.send?.(posted));
});
process.on('disconnect', () => process.exit(0));
