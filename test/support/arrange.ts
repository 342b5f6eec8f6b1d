import { expect } from '@jest/globals';
import type { NotificationJson, TestGateway } from './gateway.js';

/** Registers an Android phone of the demo app's user. @returns the id of the device */
export async function registerPhone(gateway: TestGateway, uid: string, device: object = {}): Promise<string> {
  const body = { platform: 'fcm_android', fcmToken: `phone-of-${uid}`, ...device };
  const answer = await gateway.backend('POST', `/v1/users/${encodeURIComponent(uid)}/devices`, body);
  expect([answer.statusCode, answer.body]).toEqual([201, expect.anything()]);
  return answer.json<{ id: string }>().id;
}

/** Posts a webhook. @returns its notification once it is settled */
export async function postSettled(
  gateway: TestGateway,
  channel: 'push' | 'sms',
  event: object,
  apiKey?: string,
): Promise<NotificationJson> {
  const answer = await gateway.webhook(channel, event);
  const { notificationId } = answer.json<{ notificationId: string }>();
  return gateway.notification(notificationId, undefined, apiKey);
}
