import { digest } from '../platform/auth/digest.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { newIdFor } from '../platform/ids/new-id.js';
import type { Dedupe } from '../queue/job-queue.js';
import { canonicalJson } from '../webhooks/dedupe-key.js';
import type { IncomingNotification } from './intake.js';

const WINDOW_MS = 86_400_000;
const KEY = /^[\x20-\x7e]{1,255}$/;

/** How the same request, sent again, is recognised. */
export interface Idempotency {
  readonly id: string;
  readonly dedupe: Dedupe;
  /** The hash over key and request. */
  readonly fingerprint: Buffer;
}

/**
 * Reads an `Idempotency-Key`, which holds for one app, one route and a day. Under the key the queue remembers the first
 * notification, and with that one its fingerprint is stored (`FirstRequests`).
 *
 * @param route what is asked; the same key means something else elsewhere.
 * @param request what must be the same when it comes again.
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
  return { id: newIdFor(fingerprint), dedupe: { key: dedupeKey, windowMs: WINDOW_MS }, fingerprint };
}

/** What an event is stored with so that a repeat of it is recognised. */
export function repeatable(
  idempotency: Idempotency | undefined,
): Pick<IncomingNotification, 'id' | 'dedupe' | 'requestFingerprint'> {
  if (!idempotency) return {};
  const { id, dedupe, fingerprint } = idempotency;
  return { id, dedupe, requestFingerprint: textOf(fingerprint) };
}

/** A fingerprint as it is stored. */
export const textOf = (fingerprint: Buffer): string => fingerprint.toString('base64url');
