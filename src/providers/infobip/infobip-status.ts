import { isObject } from '../vendor-request.js';

/** The `status` or `error` of a message in a response or delivery report. */
export interface InfobipStatus {
  readonly groupId: number;
  readonly id: number;
  /** The name, such as `REJECTED_NOT_ENOUGH_CREDITS`; the id if there is none. */
  readonly code: string;
}

export function infobipStatus(value: unknown): InfobipStatus | undefined {
  if (!isObject(value)) return undefined;
  const { groupId, id, name } = value;
  if (typeof groupId !== 'number' || typeof id !== 'number') return undefined;
  const code = typeof name === 'string' && /^\w{1,64}$/.test(name) ? name : String(id);
  return { groupId, id, code };
}
