import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * A webhook to post.
 *
 * @typedef {object} Event
 * @property {'push' | 'sms'} channel
 * @property {string} uid the recipient
 * @property {number} turn events of the same turn are posted at once
 * @property {(now: number) => Payload} payload the body, given the time of posting in milliseconds
 *
 * @typedef {{ uid: string, phno?: string, name?: string }} To
 * @typedef {Record<string, unknown> & { tag?: string | null, sessionId?: string | null, message?: object | null }}
 *   Details
 * @typedef {Record<string, unknown> & { message?: string }} SmsMessage
 * @typedef {{ to: To, notificationDetails?: Details, messages?: SmsMessage[] }} PayloadData
 * @typedef {{ trigger: string, appId: string, region: string, webhook: string, data: PayloadData }} Payload
 */

const DOCUMENTED = path.resolve(import.meta.dirname, '../../test/fixtures/payloads');

/**
 * Every documented payload as a separate event.
 *
 * @param {{ appId: string }} options
 * @param {string} run distinguishes this run's events from those of others
 * @param {string} [directory]
 * @returns {Promise<Event[]>}
 */
export async function documentedPayloads({ appId }, run, directory = DOCUMENTED) {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.json')).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(path.join(directory, file), 'utf8')));
  return texts.map((text, index) => {
    const documented = /** @type {Payload} */ (JSON.parse(text));
    return {
      channel: documented.trigger.startsWith('sms') ? 'sms' : 'push',
      uid: documented.data.to.uid,
      turn: index,
      payload: (now) => ({ ...documented, appId, data: asNew(documented.data, `${run}.${index}`, now) }),
    };
  });
}

/**
 * A copy of a notification as a new event that was sent now: with a new tag and session, or, for an SMS webhook, which
 * has no id, with a new text of its first message.
 *
 * @param {PayloadData} data
 * @param {string} mark
 * @param {number} now
 * @returns {PayloadData}
 */
export function asNew(data, mark, now) {
  const { notificationDetails: details, messages } = data;
  if (details) {
    const { tag, sessionId, message } = details;
    const renewed = {
      ...details,
      sentAt: String(now),
      ...(tag && { tag: `${tag}.${mark}` }),
      ...(sessionId && { sessionId: `${sessionId}.${mark}` }),
      ...(message && { message: { ...message, id: `${tag}.${mark}`, sentAt: Math.floor(now / 1_000) } }),
    };
    return { ...data, notificationDetails: renewed };
  }
  const [first, ...others] = messages ?? [];
  return {
    ...data,
    messages: [{ ...first, message: `${first?.message ?? ''} (${mark})` }, ...others],
  };
}

/**
 * A group conversation as CometChat reports it: one webhook per message and member, all members at once.
 *
 * @param {{ appId: string, group: number, messages: number }} options
 * @param {string} run
 * @returns {Event[]}
 */
export function conversation({ appId, group, messages }, run) {
  const members = Array.from({ length: group }, (_, i) => `simulated-member-${i + 1}`);
  return Array.from({ length: messages }, (_, turn) => turn).flatMap((turn) =>
    members.map((uid) => ({
      channel: /** @type {const} */ ('push'),
      uid,
      turn,
      payload: (/** @type {number} */ now) => groupMessage({ appId, uid, run, turn, now }),
    })),
  );
}

/** @param {{ appId: string, uid: string, run: string, turn: number, now: number }} of @returns {Payload} */
function groupMessage({ appId, uid, run, turn, now }) {
  const guid = `simulated-group-${run}`;
  return {
    trigger: 'push-notification-payload-generated',
    data: {
      to: { uid },
      notificationDetails: {
        title: 'Simulated group',
        body: `Sam Sender: message ${turn + 1}`,
        sender: 'simulated-sender',
        senderName: 'Sam Sender',
        receiver: guid,
        receiverName: 'Simulated group',
        receiverType: 'group',
        tag: `${run}.${turn}`,
        conversationId: `group_${guid}`,
        type: 'chat',
        sentAt: String(now),
        unreadMessageCount: turn + 1,
      },
    },
    appId,
    region: 'us',
    webhook: 'custom',
  };
}

/** @param {readonly Event[]} events @returns {string[]} distinct uids */
export function recipientsOf(events) {
  return [...new Set(events.map(({ uid }) => uid))];
}
