import { Pool } from 'undici';

/**
 * Result of posting a webhook.
 *
 * @typedef {{ notificationId: string, duplicate: boolean, answeredInMs: number }} Accepted
 * @typedef {{ refused: string, answeredInMs: number }} Refused `refused` is status and code, or the connection
 *   error
 * @typedef {Accepted | Refused} Answer
 *
 * The fields of `GET /v1/notifications` that the simulation reads.
 *
 * @typedef {{ status: string, reason: string | null }} Delivery
 * @typedef {{ id: string, status: string, receivedAt: string, settledAt: string | null, deliveries: Delivery[] }}
 *   Notification
 */

const REGISTRATIONS_AT_ONCE = 16;
const ANSWER_WITHIN_MS = 30_000;

/** The gateway's API for CometChat and for the app's backend. */
export class Gateway {
  /** @param {import('./options.mjs').Options} options */
  constructor({ url, appId, webhookAuth, apiKey, concurrency }) {
    const { origin, pathname } = new URL(url);
    this.path = pathname.replace(/\/+$/, '');
    this.webhookHeaders = {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(webhookAuth).toString('base64')}`,
    };
    this.backendHeaders = { 'content-type': 'application/json', apikey: apiKey, appid: appId };
    this.pool = new Pool(origin, {
      connections: Math.max(concurrency, REGISTRATIONS_AT_ONCE),
      headersTimeout: ANSWER_WITHIN_MS,
      bodyTimeout: ANSWER_WITHIN_MS,
    });
  }

  close() {
    return this.pool.close();
  }

  /**
   * Posts one webhook; never throws.
   *
   * @param {import('./events.mjs').Event} event
   * @returns {Promise<Answer>}
   */
  async post(event) {
    const startedAt = performance.now();
    const body = JSON.stringify(event.payload(Date.now()));
    try {
      const answer = await this.#request(
        'POST',
        `/webhooks/cometchat/${event.channel}`,
        this.webhookHeaders,
        body,
      );
      const answeredInMs = performance.now() - startedAt;
      if (answer.status !== 200) return { refused: describe(answer), answeredInMs };
      const { notificationId, duplicate } = /** @type {Accepted} */ (answer.body);
      return { notificationId, duplicate, answeredInMs };
    } catch (error) {
      return { refused: codeOf(error), answeredInMs: performance.now() - startedAt };
    }
  }

  /**
   * Registers a device and a number for each user, the same ones in every run.
   *
   * @param {readonly string[]} uids
   * @param {() => void} onDone called after each user
   * @throws {Error} if the gateway refuses it
   */
  async register(uids, onDone) {
    const left = uids.entries();
    const worker = async () => {
      for (const [index, uid] of left) {
        const user = `/v1/users/${encodeURIComponent(uid)}`;
        const device = {
          platform: 'fcm_android',
          fcmToken: `simulated-token-of-${uid}`,
          sessionId: 'simulated',
        };
        // The sandbox accepts all of these numbers: none ends in the digits of another outcome.
        const contact = { phno: `+1415555${String(1_100 + (index % 100)).slice(-4)}`, name: uid };
        await this.#backend('POST', `${user}/devices`, device);
        await this.#backend('PUT', `${user}/contact`, contact);
        onDone();
      }
    };
    await Promise.all(Array.from({ length: REGISTRATIONS_AT_ONCE }, worker));
  }

  /** @param {string} id @returns {Promise<Notification>} @throws {Error} */
  async notification(id) {
    return /** @type {Notification} */ (
      await this.#backend('GET', `/v1/notifications/${encodeURIComponent(id)}`)
    );
  }

  /**
   * @param {Date} from @param {string | null} cursor
   * @returns {Promise<{ data: Notification[], nextCursor: string | null }>} one page of notifications received since
   * @throws {Error}
   */
  async notifications(from, cursor) {
    const query = new URLSearchParams({ from: from.toISOString(), ...(cursor !== null && { cursor }) });
    const page = await this.#backend('GET', `/v1/notifications?${query.toString()}`);
    return /** @type {{ data: Notification[], nextCursor: string | null }} */ (page);
  }

  /** @param {'GET' | 'POST' | 'PUT'} method @param {string} path @param {object} [content] @returns {Promise<unknown>} */
  async #backend(method, path, content) {
    let answer;
    try {
      answer = await this.#request(method, path, this.backendHeaders, content && JSON.stringify(content));
    } catch (error) {
      throw new Error(`${method} ${path}: ${codeOf(error)}. Is the gateway running there?`, { cause: error });
    }
    if (answer.status >= 300) throw new Error(`${method} ${path} was refused: ${describe(answer)}`);
    return answer.body;
  }

  /**
   * @param {'GET' | 'POST' | 'PUT'} method @param {string} path
   * @param {Record<string, string>} headers @param {string | undefined} body
   * @returns {Promise<{ status: number, body: unknown }>}
   */
  async #request(method, path, headers, body) {
    const answer = await this.pool.request({ method, path: this.path + path, headers, body: body ?? null });
    const text = await answer.body.text();
    return {
      status: answer.statusCode,
      body: /** @type {unknown} */ (text === '' ? null : JSON.parse(text)),
    };
  }
}

/** @param {{ status: number, body: unknown }} answer */
function describe({ status, body }) {
  const { code } = /** @type {{ code?: string }} */ (body ?? {});
  return code === undefined ? `${status}` : `${status} ${code}`;
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
