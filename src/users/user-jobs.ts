import { UNKNOWN_SENDER } from '../domain/uid.js';

/**
 * Selects the jobs of a user by their payloads, also replies to SMS from these numbers, whose recipient is not known by
 * uid. Jobs about devices name neither user nor address.
 *
 * @param numbers E.164
 */
export function isOfUser(
  appId: string,
  uid: string,
  numbers: readonly string[],
): (payload: unknown) => boolean {
  return (payload) => {
    if (typeof payload !== 'object' || payload === null) return false;
    const job = payload as Readonly<Record<string, unknown>>;
    if (job['appId'] !== appId) return false;
    if (job['uid'] === uid) return true;
    const { content } = job;
    if (job['uid'] !== UNKNOWN_SENDER || typeof content !== 'string') return false;
    return numbers.some((phno) => content.includes(`"phno":"${phno}"`));
  };
}
