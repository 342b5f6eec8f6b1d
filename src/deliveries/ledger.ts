import { Inject, Injectable } from '@nestjs/common';
import type { ClaimedDelivery } from '../domain/delivery.js';
import type { DeliveryStatus } from '../domain/notification.js';
import type { DeliveryReport } from '../domain/delivery-report.js';
import type { Reason } from '../domain/reason.js';
import { Batcher } from '../platform/batching/batcher.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { Prisma, Sql } from '../platform/database/database.module.js';
import { firstIdAt, newIdAfter } from '../platform/ids/new-id.js';
import { claimTimes } from './claim-times.js';
import type {
  AcceptedNotification,
  AppliedReport,
  AttemptResult,
  UserCall,
  Claim,
  DueSms,
  LostDelivery,
  MessageLink,
  QueuedDelivery,
  Plan,
  DeviceProviderAccount,
  ReceivedReport,
  UserDevice,
  Refusals,
  UnreachableChannel,
  Unsent,
} from './records.js';
import * as calls from './sql/call.sql.js';
import { claim, release, type ClaimSettings } from './sql/claim.sql.js';
import { plan, type DeliveryRow, type PlanRow } from './sql/plan.sql.js';
import {
  deleteUnpartitioned,
  dropPartitions,
  makePartitions,
  partitionDays,
  type Upkeep,
} from './sql/partitions.sql.js';
import { countRefusals, countRefusedInARow } from './sql/refusals.sql.js';
import { applyReports, linkMessages } from './sql/report.sql.js';
import { record, settleUnsent } from './sql/record.sql.js';
import { plannedInstead, planInstead } from './sql/push-successor.sql.js';
import { settle } from './sql/settle.sql.js';
import * as successors from './sql/sms-successor.sql.js';
import * as texts from './sql/sms-attempt.sql.js';
import { withoutSms } from './sql/push-first.sql.js';
import {
  buildDigest,
  leaveBurst,
  placeInBurst,
  type CountedPush,
  type BurstLimits,
  type BurstPlace,
  unlessTold,
} from './sql/burst.sql.js';

/** Of a person's pushes so many are read. */
const MAX_PUSHES = 200;
/** No carrier waits longer than a delivery lives; without its row it is sent as its own message. */
const STORM_KEPT_MS = 2 * 86_400_000;

/** What `Ledger.prune` deleted. */
export interface Pruned {
  /** Dropped as a whole; and those in use for too long, which are dropped next time. */
  readonly partitions: Upkeep;
  /** Deleted row by row, because they were in no such partition. */
  readonly notifications: number;
}

/** Calls go in batches of their own, so that a ring waits for no statement about hundreds of chats. */
const byUrgency = <I, O>(
  call: (items: readonly I[]) => Promise<readonly O[]>,
): Readonly<Record<'calls' | 'others', Batcher<I, O>>> => ({
  calls: new Batcher(call),
  others: new Batcher(call),
});

/**
 * The record of what was accepted, planned, attempted and answered, and with it the fence that keeps two workers
 * from sending the same delivery: a delivery is sent only under a claim, and a claim is given once at a time.
 */
@Injectable()
export class Ledger {
  private readonly plans = byUrgency((items: readonly PlanRow[]) => plan(this.sql, items));
  private readonly claims = byUrgency((ids: readonly string[]) => claim(this.sql, ids, this.claimSettings));
  private readonly results = new Batcher((items: readonly AttemptResult[]) => record(this.sql, items));
  private readonly links = new Batcher((items: readonly MessageLink[]) => linkMessages(this.sql, items));
  private readonly receipts = new Batcher((items: readonly ReceivedReport[]) =>
    applyReports(this.sql, items),
  );
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
   * Writes a notification and its deliveries; doing so again changes nothing.
   *
   * @returns the deliveries that are still to be sent: the given ones, or those of the first time.
   */
  plan(notification: AcceptedNotification, planned: Plan): Promise<readonly QueuedDelivery[]> {
    const plans = this.plans[notification.kind === 'call' ? 'calls' : 'others'];
    return plans.run({ notification, deliveries: rowsOf(notification, planned) });
  }

  /**
   * Takes a delivery for one attempt, which is on record from then on: `unknown` until its result is written.
   *
   * @param urgency which of its kind it shares a statement with.
   */
  async claim(deliveryId: string, urgency: 'calls' | 'others' = 'others'): Promise<Claim> {
    const taken = await this.claims[urgency].run(deliveryId);
    if (taken.state !== 'claimed') return taken;
    const { delivery } = taken;
    const { storm, countedIn } = delivery.options;
    if (storm) return buildDigest(this.sql, delivery, storm);
    return countedIn ? unlessTold(this.sql, delivery, countedIn) : taken;
  }

  /**
   * Writes the deliveries that take the place of one that its address did not get; doing so again changes nothing.
   *
   * @returns whether there are any.
   */
  planInstead(lost: LostDelivery): Promise<boolean> {
    return planInstead(this.sql, lost, this.claimSettings.sandboxes);
  }

  /** Those of them that have yet to be sent. */
  plannedInstead(lost: LostDelivery): Promise<QueuedDelivery[]> {
    return plannedInstead(this.sql, lost);
  }

  /** Counts a push for the ceiling of its conversation, and says what is to become of it. */
  countPush(push: CountedPush, limits: BurstLimits): Promise<BurstPlace> {
    return placeInBurst(this.sql, push, limits);
  }

  /**
   * Writes how an attempt ended. An accepted message is `sent`, whatever another worker has made of it meanwhile.
   *
   * @throws Error where the ledger has no such attempt: a result that is not on record must not end a delivery.
   */
  async record(result: AttemptResult): Promise<void> {
    if (!(await this.results.run(result))) throw new Error('The attempt is not in the ledger.');
  }

  /**
   * Notes what a vendor calls the text of an attempt, before its result is recorded: a process that dies in between
   * leaves an attempt that a receipt can still be matched with. A receipt that came first is applied.
   */
  async linkMessage(link: MessageLink): Promise<void> {
    await this.links.run(link);
  }

  /**
   * Keeps what a vendor says of texts, whether or not they are known yet, and brings their deliveries up to date.
   *
   * @returns those whose texts are known. Nothing is lost where the others come first (`linkMessage`).
   */
  async applyReports(
    appId: string,
    provider: string,
    receipts: readonly DeliveryReport[],
  ): Promise<readonly AppliedReport[]> {
    const applied = await Promise.all(
      receipts.map((receipt) => this.receipts.run({ appId, provider, receipt })),
    );
    return applied.filter((one) => one !== undefined);
  }

  /** A notification as it was accepted; undefined where the ledger has none of this id. */
  async find(id: string): Promise<Omit<AcceptedNotification, 'expiresAt'> | undefined> {
    const found = await this.prisma.notification.findUnique({
      where: { id },
      omit: { status: true, settledAt: true },
    });
    return (found as Omit<AcceptedNotification, 'expiresAt'> | null) ?? undefined;
  }

  /** Brings a notification up to date with its deliveries. */
  settle(notificationId: string): Promise<void> {
    return settle(this.sql, [notificationId]);
  }

  /** Settles a delivery that came too late to be sent. */
  expire(deliveryId: string, reason: Reason): Promise<void> {
    return settleUnsent(this.sql, deliveryId, 'expired', reason);
  }

  /** Settles a delivery whose address is not its person's any more. */
  async abandon(deliveryId: string, reason: Reason): Promise<void> {
    await leaveBurst(this.sql, deliveryId);
    await settleUnsent(this.sql, deliveryId, 'skipped', reason);
  }

  /**
   * Notes that the job of a delivery waits for an operator. The delivery stays queued and can still be sent; the next
   * result replaces the note.
   */
  async markDeadLettered(id: string): Promise<void> {
    await this.prisma.delivery.updateMany({
      where: { id, status: 'queued' },
      data: { reason: 'set_aside' },
    });
  }

  /**
   * Notes that a call must not ring any more for a person. From then on no ring of it can be claimed, whichever
   * process asks, and whether the ring was planned before or comes after.
   */
  endCall(call: UserCall, action: string): Promise<void> {
    return calls.endCall(this.sql, call, action);
  }

  isCallOver(call: UserCall): Promise<boolean> {
    return calls.isCallOver(this.sql, call);
  }

  /** Whether the call was to ring for the person, also where no vendor took the ring. */
  hasRung(call: UserCall): Promise<boolean> {
    return calls.hasRung(this.sql, call);
  }

  /** Gives a claim back as if it had never been taken: the process stops before anything was sent. */
  async release(delivery: ClaimedDelivery): Promise<void> {
    await release(this.sql, delivery);
  }

  /** Notes through which provider the claimed attempt goes, and whether an earlier one may have reached the person. */
  reroute(delivery: ClaimedDelivery, provider: string, possibleDouble: boolean): Promise<void> {
    return texts.reroute(this.sql, delivery, provider, possibleDouble);
  }

  /** Notes that an attempt whose end was not known has reached nobody. */
  async disproveAttempt(deliveryId: string, attempt: number, vendorCode: string): Promise<void> {
    await this.prisma.attempt.updateMany({
      where: { deliveryId, attempt, outcome: 'unknown' },
      data: { outcome: 'unavailable', vendorCode },
    });
  }

  /** Settles a claimed delivery for which nothing is sent after all. */
  skip(delivery: ClaimedDelivery, unsent: Unsent): Promise<void> {
    return texts.skipClaimed(this.sql, delivery, unsent);
  }

  /**
   * Writes a second delivery for a text without a receipt; doing so again changes nothing.
   *
   * @returns whether it is to be sent: nothing was heard of the first one, and the second one is not yet settled.
   */
  async succeedSilent(succession: Omit<successors.Succession, 'possibleDouble'>): Promise<boolean> {
    await successors.succeedSilent(this.sql, { ...succession, possibleDouble: true });
    const { successorId: id } = succession;
    return (await this.prisma.delivery.count({ where: { id, status: 'queued' } })) > 0;
  }

  /** Texts that go to the next vendor because one reported a failure, until `forgetSuccessors` is told of them. */
  dueSuccessors(limit: number): Promise<readonly DueSms[]> {
    return successors.dueSuccessors(this.sql, limit);
  }

  async forgetSuccessors(deliveryIds: readonly string[]): Promise<void> {
    await this.prisma.smsSuccessor.deleteMany({ where: { deliveryId: { in: [...deliveryIds] } } });
  }

  /** Whether an account has ever reported on a text, as far as the ledger goes back. */
  async hasReported(appId: string, provider: string): Promise<boolean> {
    const where = { appId, provider, status: { not: null } };
    return (await this.prisma.smsReceipt.findFirst({ where, select: { appId: true } })) !== null;
  }

  /** Those of these notifications whose plan is on record, and of which no text came, or none will. */
  withoutSms(notificationIds: readonly string[]): Promise<string[]> {
    return withoutSms(this.sql, notificationIds);
  }

  /** The contents, as JSON text, of a person's chat pushes that came after `since`; the newest 200 at most. */
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

  /** Counts what the vendor decided of late about the messages of one account, over all processes. */
  countRefusals(account: DeviceProviderAccount, withinSeconds: number): Promise<Refusals> {
    return countRefusals(this.sql, account, withinSeconds);
  }

  /** How often a device was last refused as dead, with nothing accepted in between. */
  countRefusedInARow(device: UserDevice): Promise<number> {
    return countRefusedInARow(this.sql, device);
  }

  /** Deletes everything about notifications received before `before`; what lies near it, up to a partition later. */
  async prune(before: Date): Promise<Pruned> {
    const partitions = await dropPartitions(this.sql, before);
    const notifications = await deleteUnpartitioned(this.sql, before);
    await this.prisma.smsReceipt.deleteMany({ where: { createdAt: { lt: before } } });
    await this.prisma.endedCall.deleteMany({ where: { endedAt: { lt: before } } });
    const stale = new Date(Date.now() - STORM_KEPT_MS);
    await this.prisma.conversationStorm.deleteMany({ where: { updatedAt: { lt: stale } } });
    return { partitions, notifications };
  }

  /** Makes the tables' partitions of the time to come. Without them nothing fails, but pruning is slower. */
  makePartitions(): Promise<Upkeep> {
    return makePartitions(this.sql, this.partitionDays);
  }
}

/** Deliveries through them are of the kind `sandbox`, whatever their address is. */
const sandboxesOf = ({ apps }: GatewayConfig): string[] =>
  apps.flatMap(({ appId, push }) =>
    push.providers.filter(({ type }) => type === 'sandbox').map(({ id }) => `${appId} ${id}`),
  );

function rowsOf(notification: AcceptedNotification, planned: Plan): DeliveryRow[] {
  const { expiresAt } = notification;
  const without = ({ kind, reason }: UnreachableChannel, status: DeliveryStatus): DeliveryRow => ({
    id: newIdAfter(notification.id),
    provider: null,
    kind,
    deviceId: null,
    sessionId: null,
    address: null,
    ringSession: null,
    options: null,
    status,
    reason,
    expiresAt,
  });
  if ('skipped' in planned) return [without({ kind: null, reason: planned.reason }, planned.skipped)];
  const addressed = planned.deliveries.map(
    ({ skip, ringSession, sessionId, options, ...delivery }): DeliveryRow => ({
      ...delivery,
      sessionId: sessionId ?? null,
      ringSession: ringSession ?? null,
      options: options && Object.keys(options).length > 0 ? options : null,
      status: skip === undefined ? 'queued' : 'skipped',
      reason: skip ?? null,
      expiresAt,
    }),
  );
  return [...addressed, ...(planned.unreached ?? []).map((way) => without(way, 'skipped'))];
}
