// A separate process that simulates CometChat: it posts at a steady rate regardless of earlier answers, each webhook on
// a new connection. With several servers, it is also their load balancer: it skips servers that are not ready, and tries
// the next one if a connection is refused.
import { readFileSync } from 'node:fs';
import { userUid, tagOf, WEBHOOK } from '../../stage/app.mjs';
import { now } from '../../stage/clock.mjs';
import { Connection } from '../../stage/programs/connection.mjs';

/**
 * @typedef {object} StreamRequest
 * @property {string[]} urls of the servers, used alternately
 * @property {string[]} appIds used alternately
 * @property {number} perSecond
 * @property {number} first number of the first event
 * @property {number} people
 *
 * @typedef {'chat' | 'sms' | 'call'} Kind
 *
 * A webhook and its answer. Times are those of `now()`, which all processes of the machine share.
 *
 * @typedef {object} Webhook
 * @property {number} event
 * @property {string} appId
 * @property {Kind} kind
 * @property {number} postedAt
 * @property {number} tookMs until the answer
 * @property {string} answer `200`, another status, or the fault
 * @property {string} [notificationId] if acknowledged
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

/** A prime, so that events are distributed over all users. */
const STRIDE = 7_919;
const TICK_MS = 5;
/** Interval of the load balancer's health checks. */
const PROBE_EVERY_MS = 200;
const AUTHORIZATION = `Basic ${Buffer.from(`${WEBHOOK.username}:${WEBHOOK.password}`).toString('base64')}`;

/** @param {number} event @returns {Kind} of twenty events, one is a call and two are SMS */
function kindOf(event) {
  if (event % 20 === 0) return 'call';
  return event % 10 === 5 ? 'sms' : 'chat';
}

/** @param {number} number */
const nineDigits = (number) => String(number).padStart(9, '0');

/** @param {Kind} kind @param {number} event @param {number} user @param {string} appId */
function bodyOf(kind, event, user, appId) {
  const tag = tagOf(nineDigits(event));
  const uid = userUid(nineDigits(user));
  if (kind === 'sms') {
    const phno = `+9192993${String(user % 100_000).padStart(5, '0')}`;
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
const inFlight = new Set();
/** @type {NodeJS.Timeout[]} */
let timers = [];
/** Servers that failed the health check. @type {Set<string>} */
const unready = new Set();

/** @param {StreamRequest} request @param {number} index */
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

/** @param {StreamRequest} request */
function start(request) {
  const startedAt = now();
  let sent = 0;
  const posting = setInterval(() => {
    const due = ((now() - startedAt) / 1_000) * request.perSecond;
    for (; sent < due; sent++) {
      const one = post(request, sent).finally(() => inFlight.delete(one));
      inFlight.add(one);
    }
  }, TICK_MS);
  timers = [posting];
  if (request.urls.length > 1)
    timers.push(setInterval(() => request.urls.forEach((url) => void probe(url)), PROBE_EVERY_MS));
}

/** @param {string} url */
async function probe(url) {
  const status = await fetch(`${url}/health/ready`).then(
    (answer) => answer.status,
    () => 0,
  );
  if (status === 200) unready.delete(url);
  else unready.add(url);
}

async function stop() {
  for (const timer of timers) clearInterval(timer);
  await Promise.all(inFlight);
  process.send?.(webhooks);
  webhooks = [];
}

process.on('message', (/** @type {StreamRequest | 'stop'} */ request) => {
  if (request === 'stop') void stop();
  else start(request);
});
process.on('disconnect', () => process.exit(0));
