import { canonicalJson } from '../domain/canonical-json.js';
import { digest } from '../platform/auth/digest.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { newIdFor } from '../platform/ids/new-id.js';
import type { Dedupe } from '../queue/job-queue.js';
import { NOTIFICATION_QUEUES } from '../queue/jobs.js';
import type { IncomingNotification } from './intake.js';

const WINDOW_MS = 86_400_000;
const KEY = /^[\x20-\x7e]{1,255}$/;

/** Identifies repeats of a request. */
export interface Idempotency {
  readonly id: string;
  readonly dedupe: Dedupe;
  /** Hash of key and request. */
  readonly fingerprint: Buffer;
}

/**
 * Reads an `Idempotency-Key`, which is valid for one app, one route and a day. The queue stores the first notification
 * under the key, and its fingerprint with the notification (`FirstRequests`).
 *
 * @param route scope of the key: two routes do not share keys.
 * @param request must be equal in every repeat.
 * @throws GatewayError `REQUEST.INVALID_HEADER`
 */
export function readIdempotency(
  key: string | string[] | undefined,
  { appId, route }: { readonly appId: string; readonly route: string },
  request: unknown,
): Idempotency | undefined {
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key)) {
    const problem = 'must be 1 to 255 visible ASCII characters, once';
    throw new GatewayError('REQUEST.INVALID_HEADER', { errors: [{ path: 'Idempotency-Key', problem }] });
  }
  const dedupeKey = digest(canonicalJson(['api', appId, route, key])).toString('base64url');
  const fingerprint = digest(canonicalJson(['api', appId, route, key, request]));
  // The channel selects the queue, and a repeat may name another channel.
  const dedupe = { key: dedupeKey, windowMs: WINDOW_MS, alsoIn: NOTIFICATION_QUEUES };
  return { id: newIdFor(fingerprint), dedupe, fingerprint };
}

/** The fields of a notification that identify its repeats. */
export function dedupeFields(
  idempotency: Idempotency | undefined,
): Pick<IncomingNotification, 'id' | 'dedupe' | 'requestFingerprint'> {
  if (!idempotency) return {};
  const { id, dedupe, fingerprint } = idempotency;
  return { id, dedupe, requestFingerprint: storedFingerprint(fingerprint) };
}

/** Stored form of a fingerprint. */
export const storedFingerprint = (fingerprint: Buffer): string => fingerprint.toString('base64url');
