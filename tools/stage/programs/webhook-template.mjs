import { readFileSync } from 'node:fs';
import { APP_ID, userUid, tagOf, WEBHOOK } from '../app.mjs';

const FIXTURES = new URL('../../../test/fixtures/payloads/', import.meta.url);
const FILES = { chat: 'push-chat.json', call: 'push-call-initiated.json' };
/** What CometChat sends on average; the documented event is filled up to it with text. */
const BODY_BYTES = 1_200;
/** Stand where the number of the event and that of the person go, and are as long. */
const EVENT = '<<event>>';
const PERSON = '<person>>';
/** Prime, so that events are spread over all persons, however many. */
const STRIDE = 7_919;

/**
 * @typedef {{ data: { to: object, notificationDetails: { body: string } } }} Documented
 */

/** A webhook's request, ready but for two numbers: making it costs the load generator next to nothing. */
export class WebhookTemplate {
  /** @param {'chat' | 'call'} kind @param {string} host */
  constructor(kind, host) {
    const text = bodyOf(kind);
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
    this.events = rateUnitsOf(EVENT, this.bytes);
    this.persons = rateUnitsOf(PERSON, this.bytes);
  }

  /**
   * @param {Buffer} buffer of `size` bytes
   * @param {number} event
   * @param {number} people
   */
  write(buffer, event, people) {
    this.bytes.copy(buffer);
    for (const place of this.events) writeDigits(buffer, place, event);
    for (const place of this.persons) writeDigits(buffer, place, (event * STRIDE) % people);
    return buffer;
  }
}

/** @param {'chat' | 'call'} kind */
function bodyOf(kind) {
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
      appId: APP_ID,
      data: {
        to: { uid: userUid(PERSON) },
        notificationDetails: { ...data.notificationDetails, ...own, body },
      },
    });
  const { body } = data.notificationDetails;
  const missing = BODY_BYTES - Buffer.byteLength(written(body));
  return written(body + ' and more of it'.repeat(Math.ceil(missing / 15)).slice(0, missing));
}

/** @param {string} mark @param {Buffer} bytes */
function rateUnitsOf(mark, bytes) {
  const places = [];
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) places.push(at);
  return places;
}

/** @param {Buffer} buffer @param {number} place @param {number} value of at most nine digits */
function writeDigits(buffer, place, value) {
  for (let at = place + EVENT.length - 1; at >= place; at--) {
    buffer[at] = 48 + (value % 10);
    value = Math.floor(value / 10);
  }
}
