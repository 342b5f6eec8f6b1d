import { Inject, Injectable } from '@nestjs/common';
import { channelOf, type ClaimedDelivery } from '../domain/delivery.js';
import type { Reason } from '../domain/reason.js';
import { Batcher } from '../platform/batching/batcher.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { Prisma, Sql } from '../platform/database/database.module.js';
import { firstIdAt } from '../platform/ids/new-id.js';
import { claimTimes } from './claim-times.js';
import { RecipientErased } from './erased-user.repository.js';
import type {
  AcceptedNotification,
  AttemptResult,
  Claim,
  LostDelivery,
  QueuedDelivery,
  RecordedNotification,
  Plan,
  PlanNotes,
  DeviceProviderAccount,
  UserDevice,
  Refusals,
  Unsent,
} from './records.js';
import { claim, release, type ClaimSettings } from './sql/claim.sql.js';
import { plan, type PlanRow } from './sql/plan.sql.js';
import { firstAttempt, rowsOf, type FirstAttempts } from './first-attempts.js';
import {
  deleteUnpartitioned,
  dropPartitions,
  makePartitions,
  partitionDays,
  type Upkeep,
} from './sql/partitions.sql.js';
import { countRefusals, countRefusedInARow } from './sql/refusals.sql.js';
import { record, settleUnsent } from './sql/record.sql.js';
import { plannedInstead, planInstead } from './sql/push-successor.sql.js';
import { settle } from './sql/settle.sql.js';
import { skipClaimed } from './sql/sms-attempt.sql.js';
import {
  buildDigest,
  leaveBurst,
  placeInBurst,
  type CountedPush,
  type BurstLimits,
  type BurstPlace,
  unlessTold,
} from './sql/burst.sql.js';

const NO_NOTES: PlanNotes = { rules: [], leftOut: [] };
const NO_ATTEMPTS: FirstAttempts = { ids: new Set(), content: undefined };
/** Limit of `pushesSince`. */
const MAX_PUSHES = 200;
/** A digest push waits no longer than a delivery lives; without its row it is sent as its own message. */
const BURST_KEPT_MS = 2 * 86_400_000;

/** What `Ledger.prune` deleted. */
export interface Pruned {
  /** Partitions dropped, and those in use for too long, which the next run drops. */
  readonly partitions: Upkeep;
  /** Notifications deleted row by row, outside these partitions. */
  readonly notifications: number;
}

/** Calls have their own batches, so that a ring never waits for a statement about hundreds of chats. */
const byUrgency = <I, O>(
  call: (items: readonly I[]) => Promise<readonly O[]>,
): Readonly<Record<'calls' | 'others', Batcher<I, O>>> => ({
  calls: new Batcher(call),
  others: new Batcher(call),
});

/**
 * Records what was accepted, planned, attempted and answered. Its claims keep two workers from sending the same
 * delivery: a delivery is sent only under a claim, and has at most one claim at a time.
 */
@Injectable()
export class Ledger {
  private readonly plans = byUrgency((items: readonly PlanRow[]) =>
    plan(this.sql, items, this.claimSettings.claimMs),
  );
  private readonly claims = byUrgency((ids: readonly string[]) => claim(this.sql, ids, this.claimSettings));
  private readonly results = new Batcher((items: readonly AttemptResult[]) => record(this.sql, items));
  private readonly claimSettings: ClaimSettings;
  private readonly partitionDays: number;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
    config: GatewayConfig,
  ) {
    this.claimSettings = { ...claimTimes(config), sandboxes: sandboxesOf(config) };
    this.partitionDays = partitionDays(config.ledger.retentionDays);
  }

  /**
   * Writes a notification and its deliveries, and claims those whose first attempt starts now. Idempotent.
   *
   * @param first deliveries to claim. One that may not be sent as planned is not claimed: its call is over, or its
   *   address has changed.
   * @returns the deliveries still to be sent: the given ones, or those of the first call, none of them claimed.
   * @throws RecipientErased if its recipient was erased after it was received: nothing is written.
   */
  async plan(
    notification: AcceptedNotification,
    planned: Plan,
    notes: PlanNotes = NO_NOTES,
    first: FirstAttempts = NO_ATTEMPTS,
  ): Promise<RecordedNotification> {
    const plans = this.plans[notification.kind === 'call' ? 'calls' : 'others'];
    const deliveries = rowsOf(notification, planned, first.ids);
    // Taken before the statement, so that no worker considers its claim longer than the database does.
    const beganAt = performance.now();
    const result = await plans.run({ notification, deliveries, notes });
    if (result === 'erased') throw new RecipientErased();
    const { claimed, claimedAt, queued } = result;
    const { beginWithinMs } = this.claimSettings;
    return {
      claimed: deliveries.flatMap((row) =>
        claimed.has(row.id)
          ? firstAttempt(row, notification, {
              content: first.content,
              claimedAt,
              beginBefore: beganAt + beginWithinMs[channelOf(row)],
            })
          : [],
      ),
      queued,
    };
  }

  /**
   * Claims a delivery for one attempt, which stays on record as `unknown` until its result is written.
   *
   * @param urgency selects the batch.
   */
  async claim(deliveryId: string, urgency: 'calls' | 'others' = 'others'): Promise<Claim> {
    const taken = await this.claims[urgency].run(deliveryId);
    if (taken.state !== 'claimed') return taken;
    const { delivery } = taken;
    const { storm: burst, countedIn } = delivery.options;
    if (burst) return buildDigest(this.sql, delivery, burst);
    return countedIn ? unlessTold(this.sql, delivery, countedIn) : taken;
  }

  /**
   * Writes the deliveries that replace one whose address was not reached. Idempotent.
   *
   * @returns whether there are any.
   */
  planInstead(lost: LostDelivery): Promise<boolean> {
    return planInstead(this.sql, lost, this.claimSettings.sandboxes);
  }

  /** The replacements that are still to be sent. */
  plannedInstead(lost: LostDelivery): Promise<QueuedDelivery[]> {
    return plannedInstead(this.sql, lost);
  }

  /** Counts a push towards its conversation's ceiling and decides whether it is sent, becomes a digest or is collapsed. */
  countPush(push: CountedPush, limits: BurstLimits): Promise<BurstPlace> {
    return placeInBurst(this.sql, push, limits);
  }

  /**
   * Writes the result of an attempt. An accepted message is `sent`, even if another worker has claimed it since.
   *
   * @throws Error if the attempt is not in the ledger: a result that is not on record must not end a delivery.
   */
  async record(result: AttemptResult): Promise<void> {
    if (!(await this.results.run(result))) throw new Error('The attempt is not in the ledger.');
  }

  /** A notification as accepted; undefined if the ledger has none with this id. */
  async find(id: string): Promise<Omit<AcceptedNotification, 'expiresAt'> | undefined> {
    const found = await this.prisma.notification.findUnique({
      where: { id },
      omit: { status: true, settledAt: true, plannedAt: true, plan: true },
    });
    return (found as Omit<AcceptedNotification, 'expiresAt'> | null) ?? undefined;
  }

  /** Updates a notification's status from its deliveries. */
  settle(notificationId: string): Promise<void> {
    return settle(this.sql, [notificationId]);
  }

  /** Settles a delivery that has expired. */
  expire(deliveryId: string, reason: Reason): Promise<void> {
    return settleUnsent(this.sql, deliveryId, 'expired', reason);
  }

  /** Settles a delivery whose address no longer belongs to its recipient. */
  async abandon(deliveryId: string, reason: Reason): Promise<void> {
    await leaveBurst(this.sql, deliveryId);
    await settleUnsent(this.sql, deliveryId, 'skipped', reason);
  }

  /**
   * Marks the queued deliveries of a job that waits for an operator: one, or those of a notification. They can still be
   * sent; their next result replaces the mark.
   */
  async markDeadLettered(of: { readonly id: string } | { readonly notificationId: string }): Promise<void> {
    await this.prisma.delivery.updateMany({
      where: { ...of, status: 'queued' },
      data: { reason: 'set_aside' },
    });
  }

  /** Undoes a claim under which nothing was sent, when the process stops. */
  async release(delivery: ClaimedDelivery): Promise<void> {
    await release(this.sql, delivery);
  }

  /** Settles a claimed delivery without sending it. */
  skip(delivery: ClaimedDelivery, unsent: Unsent): Promise<void> {
    return skipClaimed(this.sql, delivery, unsent);
  }

  /** The contents, as JSON strings, of a user's chat pushes received after `since`; at most the newest 200. */
  async pushesSince(appId: string, uid: string, since: Date): Promise<string[]> {
    const pushes = await this.prisma.notification.findMany({
      where: {
        ...{ appId, uid, channel: 'push', kind: 'chat' },
        id: { gte: firstIdAt(since) },
        receivedAt: { gt: since },
      },
      orderBy: { id: 'desc' },
      take: MAX_PUSHES,
      select: { content: true },
    });
    return pushes.map(({ content }) => content);
  }

  /** Counts an account's accepted and refused messages of the last `withinSeconds`, over all processes. */
  countRefusals(account: DeviceProviderAccount, withinSeconds: number): Promise<Refusals> {
    return countRefusals(this.sql, account, withinSeconds);
  }

  /** Number of consecutive refusals of a device as dead since its last accepted push. */
  countRefusedInARow(device: UserDevice): Promise<number> {
    return countRefusedInARow(this.sql, device);
  }

  /** Deletes notifications received before `before` and all their data; rows near it may outlive it by one partition. */
  async prune(before: Date): Promise<Pruned> {
    const partitions = await dropPartitions(this.sql, before);
    const notifications = await deleteUnpartitioned(this.sql, before);
    await this.prisma.smsReceipt.deleteMany({ where: { createdAt: { lt: before } } });
    await this.prisma.endedCall.deleteMany({ where: { endedAt: { lt: before } } });
    const stale = new Date(Date.now() - BURST_KEPT_MS);
    await this.prisma.conversationBurst.deleteMany({ where: { updatedAt: { lt: stale } } });
    return { partitions, notifications };
  }

  /** Creates upcoming partitions. Without them nothing fails, but pruning is slower. */
  makePartitions(): Promise<Upkeep> {
    return makePartitions(this.sql, this.partitionDays);
  }
}

/** Accounts whose deliveries have the kind `sandbox`, whatever their address. */
const sandboxesOf = ({ apps }: GatewayConfig): string[] =>
  apps.flatMap(({ appId, push }) =>
    push.providers.filter(({ type }) => type === 'sandbox').map(({ id }) => `${appId} ${id}`),
  );
