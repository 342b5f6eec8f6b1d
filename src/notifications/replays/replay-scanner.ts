import { Injectable } from '@nestjs/common';
import type { ReplayCandidate, ReplayFilter } from '../../deliveries/replays/replay-records.js';
import { ReplayRepository } from '../../deliveries/replays/replay.repository.js';
import type { PushContent, SmsContent } from '../../domain/event.js';
import { SeenMessageRepository } from '../../recipients/read-receipts/seen-message.repository.js';
import { namedMessages, pushedMessage } from '../../recipients/planning/sms-messages.js';
import { verdictOn, type Verdict } from './replay-verdict.js';

/** Contents read together, each of at most 2 MB by default. */
const CONTENTS = 25;

/** A notification that the filter matches, and the decision on it. */
export interface Judged {
  readonly candidate: ReplayCandidate;
  readonly verdict: Verdict;
}

/** The next part of the ledger to examine. */
export interface PageRequest {
  readonly filter: ReplayFilter;
  /** The last notification examined; null: none. */
  readonly after: string | null;
  /** Notifications to examine. */
  readonly limit: number;
  /** The replay that asks; unset: a dry run. */
  readonly replayId?: string;
}

/** One part of the ledger. */
export interface ReplayPage {
  readonly judged: readonly Judged[];
  /** The last notification examined. */
  readonly upTo: string;
  readonly isLast: boolean;
}

/** Examines the ledger for a replay part by part, in order of id. */
@Injectable()
export class ReplayScanner {
  constructor(
    private readonly replays: ReplayRepository,
    private readonly seen: SeenMessageRepository,
  ) {}

  /** @returns undefined at the end. */
  async page({ filter, after, limit, replayId }: PageRequest): Promise<ReplayPage | undefined> {
    const span = await this.replays.nextSpan(filter, after, limit);
    if (!span) return undefined;
    const candidates = await this.replays.failedIn(filter, span, replayId);
    const judged = candidates.map((candidate) => ({ candidate, verdict: verdictOn(candidate) }));
    const seen = await this.seenAmong(filter.appId, judged);
    return {
      judged: judged.map((one) =>
        seen.has(one.candidate.id) ? { ...one, verdict: { leftOut: 'seen_since' } } : one,
      ),
      upTo: span.upTo,
      isLast: span.isLast,
    };
  }

  /** The ids of notifications whose messages were seen, among those that would be sent again. */
  private async seenAmong(appId: string, judged: readonly Judged[]): Promise<ReadonlySet<string>> {
    const asked = judged.flatMap(({ candidate, verdict }) =>
      candidate.mayBeSeen && !('leftOut' in verdict) ? [candidate] : [],
    );
    const seen = new Set<string>();
    for (let from = 0; from < asked.length; from += CONTENTS) {
      const part = asked.slice(from, from + CONTENTS);
      const contents = await this.replays.contentsOf(part.map(({ id }) => id));
      for (const { id, uid } of part) {
        const messages = messagesIn(contents.get(id));
        if (messages.length > 0 && (await this.seen.haveSeenAll(appId, uid, messages))) seen.add(id);
      }
    }
    return seen;
  }
}

/** CometChat's ids of the messages in a content; empty if it does not name all of them. */
function messagesIn(content: string | undefined): readonly string[] {
  if (content === undefined) return [];
  const parsed = JSON.parse(content) as PushContent | SmsContent;
  if (!('notificationDetails' in parsed)) return namedMessages(parsed).ids ?? [];
  return [pushedMessage(parsed)].filter((id) => id !== undefined);
}
