import { readFileSync } from 'node:fs';
import { APP_ID, userUid, tagOf, WEBHOOK } from '../app.mjs';

const FIXTURES = new URL('../../../test/fixtures/payloads/', import.meta.url);
const FILES = { chat: 'push-chat.json', call: 'push-call-initiated.json' };
/** Average size of CometChat's webhooks; the documented event is padded to it. */
const BODY_BYTES = 1_200;
/** Placeholders of the event and user numbers, of the same length. */
const EVENT = '<<event>>';
const USER = '<<user->>';
/** A prime, so that events are distributed over any number of users. */
const STRIDE = 7_919;

/**
 * @typedef {{ data: { to: object, notificationDetails: { body: string } } }} Documented
 */

/** A webhook request in which only two numbers change, so that the load generator hardly uses CPU time. */
export class WebhookTemplate {
  /** @param {'chat' | 'call'} kind @param {string} host @param {string} [appId] */
  constructor(kind, host, appId = APP_ID) {
    const text = bodyOf(kind, appId);
    const credentials = Buffer.from(`${WEBHOOK.username}:${WEBHOOK.password}`).toString('base64');
    const head = [
      'POST /webhooks/cometchat/push HTTP/1.1',
      `Host: ${host}`,
      `Authorization: Basic ${credentials}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(text)}`,
    ];
    this.bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`);
    this.size = this.bytes.length;
    this.events = positionsOf(EVENT, this.bytes);
    this.users = positionsOf(USER, this.bytes);
  }

  /**
   * @param {Buffer} buffer of `size` bytes
   * @param {number} event
   * @param {number} people
   */
  write(buffer, event, people) {
    this.bytes.copy(buffer);
    for (const at of this.events) writeDigits(buffer, at, event);
    for (const at of this.users) writeDigits(buffer, at, (event * STRIDE) % people);
    return buffer;
  }
}

/** @param {'chat' | 'call'} kind @param {string} appId */
function bodyOf(kind, appId) {
  const documented = /** @type {Documented} */ (
    JSON.parse(readFileSync(new URL(FILES[kind], FIXTURES), 'utf8'))
  );
  const { data } = documented;
  const own = {
    tag: tagOf(EVENT),
    sentAt: String(Date.now()),
    ...(kind === 'call' ? { sessionId: `session-${EVENT}` } : {}),
  };
  const written = (/** @type {string} */ body) =>
    JSON.stringify({
      ...documented,
      appId,
      data: {
        to: { uid: userUid(USER) },
        notificationDetails: { ...data.notificationDetails, ...own, body },
      },
    });
  const { body } = data.notificationDetails;
  const missing = BODY_BYTES - Buffer.byteLength(written(body));
  return written(body + ' and more of it'.repeat(Math.ceil(missing / 15)).slice(0, missing));
}

/** @param {string} placeholder @param {Buffer} bytes */
function positionsOf(placeholder, bytes) {
  const positions = [];
  for (let at = bytes.indexOf(placeholder); at >= 0; at = bytes.indexOf(placeholder, at + 1))
    positions.push(at);
  return positions;
}

/** @param {Buffer} buffer @param {number} position @param {number} value of at most nine digits */
function writeDigits(buffer, position, value) {
  for (let at = position + EVENT.length - 1; at >= position; at--) {
    buffer[at] = 48 + (value % 10);
    value = Math.floor(value / 10);
  }
}
