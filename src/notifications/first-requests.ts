import { Injectable } from '@nestjs/common';
import { Ledger } from '../deliveries/ledger.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { isIdFor } from '../platform/ids/new-id.js';
import { JobQueue } from '../queue/job-queue.js';
import { Spool } from '../queue/spool/spool.js';
import { findNotification } from './find-notification.js';
import { storedFingerprint, type Idempotency } from './idempotency.js';
import type { AcceptResult } from './intake.js';

/** Compares a request with the first one under its `Idempotency-Key`. */
@Injectable()
export class FirstRequests {
  constructor(
    private readonly spool: Spool,
    private readonly queue: JobQueue,
    private readonly ledger: Ledger,
  ) {}

  /** @throws GatewayError `NOTIFICATION.IDEMPOTENCY_CONFLICT` if the first request under the key was different. */
  async assertSame(result: AcceptResult, idempotency: Idempotency | undefined): Promise<AcceptResult> {
    if (!idempotency || !result.duplicate) return result;
    const { notificationId } = result;
    // Ids of this release and the previous one end in the fingerprint; those of the next one are looked up.
    if (isIdFor(notificationId, idempotency.fingerprint)) return result;
    const first = await this.fingerprintOf(notificationId, idempotency.dedupe.key);
    if (first !== storedFingerprint(idempotency.fingerprint))
      throw new GatewayError('NOTIFICATION.IDEMPOTENCY_CONFLICT');
    return result;
  }

  /** The stored fingerprint, if any. */
  private async fingerprintOf(notificationId: string, dedupeKey: string): Promise<string | undefined> {
    const spooled = this.spool.findFingerprint(dedupeKey, notificationId);
    if (spooled) return spooled.requestFingerprint;
    const found = await findNotification(() => this.ledger.find(notificationId), this.queue, notificationId);
    if (!found) return undefined;
    const { requestFingerprint } = 'record' in found ? found.record : found.accepted;
    return requestFingerprint ?? undefined;
  }
}
