import { words } from '../../words.js';
import type { Channel } from './queries.js';

interface PastedEvent {
  readonly data?: object;
  readonly problem?: string;
}

/** The `data` of a webhook, pasted alone or with the whole body around it. */
export function readEvent(json: string): PastedEvent {
  const { value, problem } = parsed(json);
  if (problem !== undefined) return { problem };
  if (!isObject(value)) return { problem: words.rules.notObject };
  return { data: isWebhook(value) ? value.data : value };
}

function parsed(json: string): { readonly value?: unknown; readonly problem?: string } {
  try {
    return { value: JSON.parse(json) };
  } catch (error) {
    return { problem: words.rules.notJson(error instanceof Error ? error.message : String(error)) };
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isWebhook = (value: object): value is { data: object } =>
  'trigger' in value && 'data' in value && isObject(value.data);

/** An event of each channel to begin with. */
export function exampleData(channel: Channel): string {
  const details = { type: 'chat', title: 'Bob', body: 'Hello!', tag: '1', sentAt: String(Date.now()) };
  const people = { sender: 'bob', receiver: 'ann', receiverType: 'user', conversationId: 'ann_user_bob' };
  const data =
    channel === 'push'
      ? { to: { uid: 'ann' }, notificationDetails: { ...details, ...people } }
      : {
          to: { uid: 'ann', phno: '+14155550100' },
          smsContent: 'Bob: Hello!',
          senderDetails: { uid: 'bob' },
        };
  return JSON.stringify(data, null, 2);
}
