// Run as a process of its own: plays CometChat, at a steady rate whatever becomes of the webhooks before, each on a
// connection of its own, and before several servers a load balancer, which leaves out those that say that they are not
// ready, and takes the next where one refuses the connection.
import { readFileSync } from 'node:fs';
import { userUid, tagOf, WEBHOOK } from '../../stage/app.mjs';
import { now } from '../../stage/clock.mjs';
import { Connection } from '../../stage/programs/connection.mjs';

/**
 * @typedef {object} StreamOrder
 * @property {string[]} urls the servers, which take turns
 * @property {string[]} appIds likewise
 * @property {number} perSecond
 * @property {number} first number of the first event
 * @property {number} people
 *
 * @typedef {'chat' | 'sms' | 'call'} Kind
 *
 * What came of one webhook. Times are those of `now()`, which all processes of the machine share.
 *
 * @typedef {object} Webhook
 * @property {number} event
 * @property {string} appId
 * @property {Kind} kind
 * @property {number} postedAt
 * @property {number} tookMs until the answer
 * @property {string} answer `200`, another status, or what went wrong
 * @property {string} [notificationId] where it was acknowledged
 * @property {boolean} isDuplicate
 */

const FIXTURES = new URL('../../../test/fixtures/payloads/', import.meta.url);
const fixture = (/** @type {string} */ name) =>
  /** @type {Documented} */ (JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8')));
/**
 * @typedef {{ data: { to: object, notificationDetails: object } }} Documented
 */
const CHAT = fixture('push-chat.json');
const CALL = fixture('push-call-initiated.json');
const SMS = fixture('sms-one-on-one.json');

/** Prime, so that events are spread over all persons. */
const STRIDE = 7_919;
const TICK_MS = 5;
/** A load balancer asks its servers so often. */
const ASKS_EVERY_MS = 200;
const AUTHORIZATION = `Basic ${Buffer.from(`${WEBHOOK.username}:${WEBHOOK.password}`).toString('base64')}`;

/** @param {number} event @returns {Kind} of twenty events, one call and two texts */
function kindOf(event) {
  if (event % 20 === 0) return 'call';
  return event % 10 === 5 ? 'sms' : 'chat';
}

/** @param {number} number */
const nineDigits = (number) => String(number).padStart(9, '0');

/** @param {Kind} kind @param {number} event @param {number} person @param {string} appId */
function bodyOf(kind, event, person, appId) {
  const tag = tagOf(nineDigits(event));
  const uid = userUid(nineDigits(person));
  if (kind === 'sms') {
    const phno = `+9192993${String(person % 100_000).padStart(5, '0')}`;
    const data = { ...SMS.data, to: { uid, phno }, smsContent: `A new message, ${tag}.` };
    return JSON.stringify({ ...SMS, appId, data });
  }
  const documented = kind === 'call' ? CALL : CHAT;
  const own = {
    tag,
    sentAt: String(Date.now()),
    ...(kind === 'call' ? { sessionId: `session-${event}` } : {}),
  };
  const notificationDetails = { ...documented.data.notificationDetails, ...own };
  return JSON.stringify({ ...documented, appId, data: { to: { uid }, notificationDetails } });
}

/** @param {string} url @param {Kind} kind @param {string} body */
function requestTo(url, kind, body) {
  const head = [
    `POST /webhooks/cometchat/${kind === 'sms' ? 'sms' : 'push'} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    `Authorization: ${AUTHORIZATION}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** @type {Webhook[]} */
let webhooks = [];
/** @type {Set<Promise<void>>} */
const underWay = new Set();
/** @type {NodeJS.Timeout[]} */
let timers = [];
/** Servers that have said that they are not ready. @type {Set<string>} */
const unready = new Set();

/** @param {StreamOrder} order @param {number} index */
async function post({ urls, appIds, first, people }, index) {
  const event = first + index;
  const kind = kindOf(event);
  const appId = appIds[index % appIds.length] ?? '';
  const body = bodyOf(kind, event, (event * STRIDE) % people, appId);
  const postedAt = now();
  let answer;
  const ready = urls.filter((url) => !unready.has(url));
  const servers = ready.length > 0 ? ready : urls;
  for (let tried = 0; tried < servers.length; tried++) {
    const url = servers[(index + tried) % servers.length] ?? '';
    const { hostname, port } = new URL(url);
    const connection = new Connection({ host: hostname, port: Number(port) }, 0);
    answer = await connection.post(requestTo(url, kind, body));
    connection.close();
    if (answer.fault !== 'ECONNREFUSED') break;
  }
  const notificationId = /"notificationId":"([^"]+)"/.exec(answer?.body ?? '')?.[1];
  webhooks.push({
    event,
    appId,
    kind,
    postedAt,
    tookMs: now() - postedAt,
    answer: answer?.fault ?? String(answer?.status),
    isDuplicate: answer?.isDuplicate ?? false,
    ...(answer?.status === 200 && notificationId !== undefined ? { notificationId } : {}),
  });
}

/** @param {StreamOrder} order */
function start(order) {
  const startedAt = now();
  let sent = 0;
  const posting = setInterval(() => {
    const due = ((now() - startedAt) / 1_000) * order.perSecond;
    for (; sent < due; sent++) {
      const one = post(order, sent).finally(() => underWay.delete(one));
      underWay.add(one);
    }
  }, TICK_MS);
  timers = [posting];
  if (order.urls.length > 1)
    timers.push(setInterval(() => order.urls.forEach((url) => void ask(url)), ASKS_EVERY_MS));
}

/** @param {string} url */
async function ask(url) {
  const status = await fetch(`${url}/health/ready`).then(
    (answer) => answer.status,
    () => 0,
  );
  if (status === 200) unready.delete(url);
  else unready.add(url);
}

async function stop() {
  for (const timer of timers) clearInterval(timer);
  await Promise.all(underWay);
  process.send?.(webhooks);
  webhooks = [];
}

process.on('message', (/** @type {StreamOrder | 'stop'} */ order) => {
  if (order === 'stop') void stop();
  else start(order);
});
process.on('disconnect', () => process.exit(0));
