import { DEMO } from '../../src/platform/config/demo-config.js';
import { recordIn, untilRecord, WEBHOOK_AUTH, type NotificationJson, type RecordAnswer } from './gateway.js';
import { push } from './payloads.js';
import { until } from './until.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const BACKEND = { apikey: DEMO.apiKey };

/** Registers a user's Android phone. @throws Error if it is rejected. */
export async function registerAndroid(
  url: string,
  uid: string,
  device: { fcmToken: string; providerId?: string },
): Promise<void> {
  const answer = await fetch(`${url}/v1/users/${uid}/devices`, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...BACKEND },
    body: JSON.stringify({ platform: 'fcm_android', ...device }),
  });
  if (answer.status >= 300) throw new Error(`${answer.status}: ${await answer.text()}`);
}

/** Posts a webhook as CometChat does. */
export function postWebhook(url: string, channel: 'push' | 'sms', body: unknown): Promise<Response> {
  return fetch(`${url}/webhooks/cometchat/${channel}`, {
    method: 'POST',
    headers: { ...JSON_TYPE, authorization: WEBHOOK_AUTH },
    body: JSON.stringify(body),
  });
}

/**
 * Posts a chat message to `ann`, and repeats it while a busy gateway answers 503.
 *
 * @returns the notification's id.
 * @throws Error if it is rejected.
 */
export async function postPush(url: string, tag: string, body = 'Hello!'): Promise<string> {
  const event = push({ tag, body }, 'ann');
  const answer = await until(async () => {
    const one = await postWebhook(url, 'push', event);
    return one.status === 503 ? undefined : one;
  });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { notificationId: string }).notificationId;
}

async function ask(url: string, id: string): Promise<RecordAnswer> {
  const answer = await fetch(`${url}/v1/notifications/${id}`, { headers: BACKEND });
  return { status: answer.status, body: await answer.text() };
}

/** The current state of the notification. @throws Error unless the answer is 200. */
export async function notificationOf(url: string, id: string): Promise<NotificationJson> {
  return recordIn(await ask(url, id));
}

/** The notification once it is settled. */
export const settledNotification = (url: string, id: string): Promise<NotificationJson> =>
  untilRecord(() => ask(url, id));
