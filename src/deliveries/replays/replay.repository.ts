import { Inject, Injectable } from '@nestjs/common';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import type { Prisma as Types, Replay } from '../../platform/database/generated/client.js';
import { firstIdAt, newId } from '../../platform/ids/new-id.js';
import { failedIn, nextSpan } from './replay-scan.sql.js';
import {
  claimItems,
  restartStopped,
  resultsOf,
  takeStep,
  type ReplayItem,
  type ReplayRun,
} from './replay.sql.js';
import type {
  ReplayCandidate,
  ReplayFilter,
  ReplayProgress,
  ReplayRecord,
  ReplaySpan,
  ReplayState,
} from './replay-records.js';

/** Notifications whose status `results` counts. */
const MAX_RESULTS = 20_000;

/** A new replay. */
export type NewReplay = Pick<ReplayRecord, 'filter' | 'perSecond' | 'createdBy'>;

/** Replays: their state, and the notifications that they send again. */
@Injectable()
export class ReplayRepository {
  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

  /** Creates a running replay. */
  async create({ filter, perSecond, createdBy }: NewReplay): Promise<ReplayRecord> {
    const stored = filter as unknown as Types.InputJsonObject;
    const data = { id: newId(), appId: filter.appId, state: 'running', filter: stored, perSecond, createdBy };
    return toRecord(await this.prisma.replay.create({ data }));
  }

  /** @param appId undefined: any app. */
  async find(id: string, appId?: string): Promise<ReplayRecord | undefined> {
    const found = await this.prisma.replay.findUnique({
      where: { id, ...(appId === undefined ? {} : { appId }) },
    });
    return found ? toRecord(found) : undefined;
  }

  /**
   * Replays, newest first.
   *
   * @param appId undefined: all apps.
   * @param before created before the replay with this id.
   */
  async list(appId: string | undefined, before: string | undefined, limit: number): Promise<ReplayRecord[]> {
    const found = await this.prisma.replay.findMany({
      where: {
        ...(appId === undefined ? {} : { appId }),
        ...(before === undefined ? {} : { id: { lt: before } }),
      },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return found.map(toRecord);
  }

  /** The statuses of the notifications that a replay has sent; of many, those of the newest originals. */
  results(id: string): Promise<Readonly<Record<string, number>>> {
    return resultsOf(this.sql, id, MAX_RESULTS);
  }

  /** Changes the state. @returns whether the replay was in one of the states `from`. */
  async change(id: string, from: readonly ReplayState[], state: ReplayState): Promise<boolean> {
    const data = {
      state,
      ...(state === 'running' ? { run: { increment: 1 }, nextAt: new Date() } : {}),
      ...(state === 'cancelled' ? { endedAt: new Date() } : {}),
    };
    return (await this.prisma.replay.updateMany({ where: { id, state: { in: [...from] } }, data })).count > 0;
  }

  /** Takes the next step: see `takeStep`. */
  takeStep(run: ReplayRun, everyMs: number): Promise<number | undefined> {
    return takeStep(this.sql, run, everyMs);
  }

  /** Begins another run of every replay that should run and has made no step for `staleMs`. */
  restartStopped(staleMs: number): Promise<readonly ReplayRun[]> {
    return restartStopped(this.sql, staleMs);
  }

  /**
   * The next part of the ledger that a filter covers.
   *
   * @param after the last notification examined; null: none.
   * @param limit notifications, of any app unless the filter names a user.
   * @returns null at the end.
   */
  nextSpan(
    filter: ReplayFilter,
    after: string | null,
    limit: number,
  ): Promise<(ReplaySpan & { readonly isLast: boolean }) | null> {
    const position = {
      after: after ?? firstIdAt(new Date(filter.from)),
      before: firstIdAt(new Date(filter.to)),
    };
    return nextSpan(this.sql, filter, position, limit);
  }

  /** See `failedIn`. */
  failedIn(
    filter: ReplayFilter,
    span: ReplaySpan,
    replayId: string | undefined,
  ): Promise<readonly ReplayCandidate[]> {
    return failedIn(this.sql, filter, span, replayId);
  }

  /** The contents of notifications, as JSON strings, by id. */
  async contentsOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await this.prisma.notification.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, content: true },
    });
    return new Map(found.map(({ id, content }) => [id, content]));
  }

  /** See `claimItems`. */
  claim(replayId: string, items: readonly ReplayItem[]): Promise<ReadonlySet<string>> {
    return claimItems(this.sql, replayId, items);
  }

  /**
   * Records a step.
   *
   * @param before the replay as the step found it: if another process has made the step, nothing is recorded.
   */
  async record({ id, position: before }: ReplayRecord, progress: ReplayProgress): Promise<void> {
    const { position, sent, leftOut, isDone } = progress;
    await this.prisma.replay.updateMany({
      where: { id, position: before },
      data: { position, sent, leftOut },
    });
    if (!isDone) return;
    const where = { id, position, state: { in: ['running', 'paused'] } };
    await this.prisma.replay.updateMany({ where, data: { state: 'done', endedAt: new Date() } });
  }

  /** Deletes replays created before `before`, and what they sent. */
  async deleteBefore(before: Date): Promise<void> {
    await this.prisma.replayItem.deleteMany({ where: { createdAt: { lt: before } } });
    await this.prisma.replay.deleteMany({
      where: { id: { lt: firstIdAt(before) }, state: { in: ['cancelled', 'done'] } },
    });
  }
}

function toRecord({ filter, state, leftOut, ...row }: Replay): ReplayRecord {
  const { id, perSecond, createdBy, createdAt, endedAt, run, position, sent } = row;
  return {
    ...{ id, perSecond, createdBy, createdAt, endedAt, run, position, sent },
    state: state as ReplayState,
    filter: filter as unknown as ReplayFilter,
    leftOut: leftOut as Record<string, number>,
  };
}
