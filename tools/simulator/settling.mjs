import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('./gateway.mjs').Notification} Notification */

/** Up to this number, notifications are read one by one; more are read from the list. */
const FEW = 25;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Waits until notifications are settled.
 *
 * @param {Pick<import('./gateway.mjs').Gateway, 'notification' | 'notifications'>} gateway
 * @param {readonly string[]} ids
 * @param {Date} since before all of them were received
 * @param {number} timeoutMs
 * @param {(settled: number) => void} onProgress
 * @returns {Promise<Map<string, Notification | undefined>>} each in its last known state; undefined: never seen
 * @throws {Error} if the ledger cannot be read
 */
export async function awaitSettled(gateway, ids, since, timeoutMs, onProgress) {
  /** @type {Map<string, Notification | undefined>} */
  const seen = new Map(ids.map((id) => [id, undefined]));
  const open = new Set(ids);
  const deadline = Date.now() + timeoutMs;
  /** @param {Notification} notification */
  const look = (notification) => {
    if (!seen.has(notification.id)) return;
    seen.set(notification.id, notification);
    if (notification.settledAt !== null) open.delete(notification.id);
  };
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    if (open.size <= FEW) for (const id of open) await gateway.notification(id).then(look, ignoreMissing);
    else await sweep(gateway, since, open, look);
    onProgress(ids.length - open.size);
    if (open.size === 0 || Date.now() >= deadline) return seen;
    await sleep(Math.min(pauseMs, Math.max(0, deadline - Date.now())));
    pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS);
  }
}

/**
 * Reads the list page by page until it has shown every open notification.
 *
 * @param {Pick<import('./gateway.mjs').Gateway, 'notifications'>} gateway
 * @param {Date} since @param {ReadonlySet<string>} open @param {(notification: Notification) => void} look
 */
async function sweep(gateway, since, open, look) {
  const unseen = new Set(open);
  /** @type {string | null} */
  let cursor = null;
  do {
    const page = await gateway.notifications(since, cursor);
    for (const notification of page.data) {
      unseen.delete(notification.id);
      look(notification);
    }
    cursor = page.nextCursor;
  } while (cursor !== null && unseen.size > 0);
}

/** A notification enters the ledger once it is planned. @param {unknown} error */
function ignoreMissing(error) {
  if (!(error instanceof Error && error.message.includes(' 404'))) throw error;
}
