import { Injectable } from '@nestjs/common';
import type {
  ReplayCandidate,
  ReplayProgress,
  ReplayRecord,
} from '../../deliveries/replays/replay-records.js';
import { ReplayRepository } from '../../deliveries/replays/replay.repository.js';
import { firstIdAt, newId } from '../../platform/ids/new-id.js';
import { Intake } from '../intake.js';
import { readStoredRequest } from '../send-request.js';
import { countLeftOut } from './left-out-counts.js';
import { ReplayScanner, type Judged } from './replay-scanner.js';
import type { LeftOutWhy, Verdict } from './replay-verdict.js';

/** Notifications stored together, with their contents in memory. */
const TOGETHER = 25;

/** Notifications that one statement examines, by the number that may be sent. */
const limitFor = (budget: number): number => Math.min(2_000, Math.max(200, 4 * budget));

/** A notification to be sent again, as the notification `copyId`. */
interface Copy {
  readonly candidate: ReplayCandidate;
  readonly verdict: Extract<Verdict, { readonly expiresAt: Date }>;
  readonly copyId: string;
}

/** A part of the page that uses up the budget. */
interface Part {
  readonly judged: readonly Judged[];
  readonly position: string;
  readonly isDone: boolean;
}

/**
 * Sends the notifications of a replay again. Each is claimed in the database before it is stored in the queue, under an
 * id that the claim keeps: a step that is repeated after a crash stores the same notification, which is planned once.
 */
@Injectable()
export class ReplayRunner {
  constructor(
    private readonly replays: ReplayRepository,
    private readonly scanner: ReplayScanner,
    private readonly intake: Intake,
  ) {}

  /**
   * Examines the next part of the ledger and records the progress.
   *
   * @param budget notifications that may be sent again, at least 1.
   * @returns how many were sent, and whether the replay is done.
   * @throws GatewayError `NOTIFICATION.NOT_STORED`; the step is then repeated from its beginning.
   */
  async step(
    replay: ReplayRecord,
    budget: number,
  ): Promise<{ readonly sent: number; readonly isDone: boolean }> {
    const part = await this.nextPart(replay, budget);
    const [copies, lost] = await this.claim(replay.id, part.judged);
    for (let from = 0; from < copies.length; from += TOGETHER) {
      await this.store(replay, copies.slice(from, from + TOGETHER));
    }
    const leftOut = part.judged.flatMap(({ verdict }) => ('leftOut' in verdict ? verdict.leftOut : []));
    const progress: ReplayProgress = {
      position: part.position,
      sent: replay.sent + copies.length,
      leftOut: countLeftOut(replay.leftOut, [...leftOut, ...lost]),
      isDone: part.isDone,
    };
    await this.replays.record(replay, progress);
    return { sent: copies.length, isDone: part.isDone };
  }

  private async nextPart({ id, filter, position }: ReplayRecord, budget: number): Promise<Part> {
    const page = await this.scanner.page({ filter, after: position, limit: limitFor(budget), replayId: id });
    if (!page) return { judged: [], position: firstIdAt(new Date(filter.to)), isDone: true };
    const { judged } = page;
    const sendable = judged.filter(({ verdict }) => !('leftOut' in verdict));
    const last = sendable[budget - 1];
    if (!last || sendable.length === budget) return { judged, position: page.upTo, isDone: page.isLast };
    const part = judged.slice(0, judged.indexOf(last) + 1);
    return { judged: part, position: last.candidate.id, isDone: false };
  }

  /** Claims what is to be sent. @returns what it got, and one reason for each notification that it did not get. */
  private async claim(replayId: string, judged: readonly Judged[]): Promise<[Copy[], LeftOutWhy[]]> {
    const wanted = judged.flatMap(({ candidate, verdict }): Copy[] =>
      'leftOut' in verdict ? [] : [{ candidate, verdict, copyId: candidate.copyId ?? newId() }],
    );
    const fresh = wanted.filter(({ candidate }) => candidate.copyId === null);
    const items = fresh.map(({ candidate: { id: notificationId, rounds }, copyId }) => ({
      notificationId,
      rounds,
      copyId,
    }));
    const claimed = await this.replays.claim(replayId, items);
    const copies = wanted.filter(({ candidate: { id, copyId } }) => copyId !== null || claimed.has(id));
    return [copies, Array<LeftOutWhy>(wanted.length - copies.length).fill('already_replayed')];
  }

  private async store(
    { filter: { appId }, createdBy }: ReplayRecord,
    copies: readonly Copy[],
  ): Promise<void> {
    const contents = await this.replays.contentsOf(copies.map(({ candidate }) => candidate.id));
    await Promise.all(
      copies.map(async ({ candidate: { id, channel, kind, uid }, verdict, copyId }) => {
        const content = contents.get(id);
        if (content === undefined) return; // pruned in between
        const stored = kind === 'api' ? readStoredRequest(content).target : undefined;
        await this.intake.accept({
          ...{ id: copyId, source: 'replay', originId: id, receivedBy: createdBy },
          ...{ appId, channel, kind, uid, content },
          target: verdict.target ?? stored,
          ttlSeconds: Math.max(1, Math.floor((verdict.expiresAt.getTime() - Date.now()) / 1_000)),
        });
      }),
    );
  }
}
