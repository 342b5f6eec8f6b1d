import { Injectable } from '@nestjs/common';
import type { FailedDelivery, LeftOutCounts, ReplayFilter } from '../../deliveries/replays/replay-records.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { momentOf } from '../../platform/ids/new-id.js';
import { countLeftOut } from './left-out-counts.js';
import { ReplayScanner, type ReplayPage } from './replay-scanner.js';

/** Longest time in ms for one dry run. */
const TIME_LIMIT_MS = 10_000;
/** Notifications examined by one statement. */
const LIMIT = 2_000;
/** Dry runs at the same time in one process. */
const MAX_AT_ONCE = 2;

/** The result of a dry run. */
export interface Preview {
  readonly notifications: number;
  readonly deliveries: number;
  /** Deliveries by the reason of their failure. */
  readonly byReason: Readonly<Record<string, number>>;
  readonly leftOut: LeftOutCounts;
  readonly sms: SmsEstimate;
  /** Nothing received later has been examined; null: everything has. */
  readonly scannedTo: Date | null;
}

/** Estimated by what the ledger knows of the failed SMS. */
export interface SmsEstimate {
  readonly messages: number;
  readonly segments: number;
  /** SMS that failed before they were composed: their segments and cost are not known. */
  readonly unknown: number;
  /** Cost in millionths by currency, of SMS with a configured price. */
  readonly costMicros: Readonly<Record<string, bigint>>;
}

type Tally = Omit<Preview, 'scannedTo'>;

const NOTHING: Tally = {
  notifications: 0,
  deliveries: 0,
  byReason: {},
  leftOut: {},
  sms: { messages: 0, segments: 0, unknown: 0, costMicros: {} },
};

/** Counts what a replay would send, without sending or writing anything. */
@Injectable()
export class ReplayPreview {
  private running = 0;

  constructor(private readonly scanner: ReplayScanner) {}

  /** @throws GatewayError `REPLAY.TOO_MANY` while two others run in this process. */
  async of(filter: ReplayFilter): Promise<Preview> {
    if (this.running >= MAX_AT_ONCE)
      throw new GatewayError('REPLAY.TOO_MANY', { retryAfterSeconds: TIME_LIMIT_MS / 1_000 });
    this.running += 1;
    try {
      return await this.count(filter);
    } finally {
      this.running -= 1;
    }
  }

  private async count(filter: ReplayFilter): Promise<Preview> {
    const deadline = performance.now() + TIME_LIMIT_MS;
    let tally = NOTHING;
    let after: string | null = null;
    for (;;) {
      const page: ReplayPage | undefined = await this.scanner.page({ filter, after, limit: LIMIT });
      if (!page) return { ...tally, scannedTo: null };
      tally = added(tally, page);
      if (page.isLast) return { ...tally, scannedTo: null };
      if (performance.now() > deadline) return { ...tally, scannedTo: momentOf(page.upTo) };
      after = page.upTo;
    }
  }
}

function added(tally: Tally, { judged }: ReplayPage): Tally {
  const sendable = judged.flatMap(({ verdict }) => ('leftOut' in verdict ? [] : [verdict.deliveries]));
  const deliveries = sendable.flat();
  const leftOut = judged.flatMap(({ verdict }) => ('leftOut' in verdict ? verdict.leftOut : []));
  const byReason: Record<string, number> = { ...tally.byReason };
  for (const { reason } of deliveries) byReason[reason ?? ''] = (byReason[reason ?? ''] ?? 0) + 1;
  return {
    notifications: tally.notifications + sendable.length,
    deliveries: tally.deliveries + deliveries.length,
    byReason,
    leftOut: countLeftOut(tally.leftOut, leftOut),
    sms: addedSms(
      tally.sms,
      deliveries.filter(({ kind }) => kind === 'sms'),
    ),
  };
}

function addedSms(sms: SmsEstimate, deliveries: readonly FailedDelivery[]): SmsEstimate {
  const costMicros: Record<string, bigint> = { ...sms.costMicros };
  for (const { currency, costMicros: cost } of deliveries) {
    if (currency !== null && cost !== null) costMicros[currency] = (costMicros[currency] ?? 0n) + cost;
  }
  return {
    messages: sms.messages + deliveries.length,
    segments: deliveries.reduce((sum, { segments }) => sum + (segments ?? 0), sms.segments),
    unknown: sms.unknown + deliveries.filter(({ segments }) => segments === null).length,
    costMicros,
  };
}
