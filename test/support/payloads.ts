import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const DIRECTORY = path.resolve('test/fixtures/payloads');

export interface Webhook {
  trigger: string;
  appId: string;
  region: string;
  webhook: string;
  data: Record<string, unknown> & { to: { uid: string; phno?: string } };
}

export interface PushWebhook extends Webhook {
  data: Webhook['data'] & { notificationDetails: Record<string, unknown> };
}

/** The names of CometChat's documented payloads, such as `push-chat`. */
export const payloadNames: readonly string[] = readdirSync(DIRECTORY).map((file) =>
  path.basename(file, '.json'),
);

/** A documented payload, as a new object. */
export function payload(name: string): Webhook {
  return JSON.parse(readFileSync(path.join(DIRECTORY, `${name}.json`), 'utf8')) as Webhook;
}

/** A documented push with some of its details changed. */
export function push(details: Record<string, unknown> = {}, uid?: string, name = 'push-chat'): PushWebhook {
  const webhook = payload(name) as PushWebhook;
  Object.assign(webhook.data.notificationDetails, { sentAt: String(Date.now()) }, details);
  if (uid !== undefined) webhook.data.to.uid = uid;
  return webhook;
}

/** A documented SMS to this number. */
export function sms(phno: string | null, uid?: string, name = 'sms-one-on-one'): Webhook {
  const webhook = payload(name);
  if (phno === null) delete webhook.data.to.phno;
  else webhook.data.to.phno = phno;
  if (uid !== undefined) webhook.data.to.uid = uid;
  return webhook;
}
