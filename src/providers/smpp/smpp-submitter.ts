import { setTimeout as sleep } from 'node:timers/promises';
import type { Pdu } from 'smpp';
import {
  ProviderOverQuota,
  ProviderUnavailable,
  SendAborted,
  type SendResult,
} from '../../domain/outcome.js';
import { conclude } from '../verdict.js';
import { canonicalId } from './message-ids.js';
import { DeadlineExceeded, type Deadline } from './deadline.js';
import type { SmppConnection } from './smpp-connection.js';
import { bindVerdict, statusName, submitVerdict } from './smpp-errors.js';
import { BindRefused, LinkFault } from './smpp-faults.js';
import type { SmppLink } from './smpp-link.js';
import { SubmitWindow } from './submit-window.js';

/** Delay before a part of a started SMS is submitted again, in milliseconds. */
const RETRY_PART_MS = 1_000;

type SubmitFields = Readonly<Record<string, unknown>>;

interface Progress {
  isWritten: boolean;
  /** By `performance.now()`. */
  writtenAt: number;
}

/** Submits messages to an SMSC within its window of unanswered requests. */
export class SmppSubmitter {
  private readonly window: SubmitWindow;

  constructor(
    private readonly connection: SmppConnection,
    private readonly settings: {
      readonly windowSize: number;
      readonly requestTimeoutMs: number;
    },
  ) {
    this.window = new SubmitWindow(settings.windowSize);
  }

  /**
   * Submits the parts of an SMS, each after the previous one was accepted, so that a refused SMS is refused as a whole.
   * Its id is that of the first part.
   *
   * Once a part was accepted, the recipient may see it. A part that the SMSC certainly did not accept (throttled,
   * internal error) is then retried until the deadline, and every failure is `mayHaveBeenSent`.
   *
   * @param gapMs interval between parts, from the writing of the first one.
   * @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured, SendAborted
   */
  async submit(parts: readonly SubmitFields[], deadline: Deadline, gapMs = 0): Promise<SendResult> {
    const [first, ...others] = parts;
    if (!first) throw new Error('an SMS has at least one part');
    const progress: Progress = { isWritten: false, writtenAt: 0 };
    const result = await this.submitPart(first, deadline, progress);
    if (result.outcome === 'refused' || others.length === 0) return result;
    const ids = [result.vendorMessageId];
    for (const [index, part] of others.entries()) {
      const waitMs = progress.writtenAt + gapMs * (index + 1) - performance.now();
      if (waitMs > 0) {
        await deadline.wait(sleep(Math.ceil(waitMs))).catch((error: unknown) => {
          throw partlySent(error);
        });
      }
      ids.push(await this.addPart(part, deadline));
    }
    return { ...result, partIds: ids.filter((id) => id !== null) };
  }

  /** @returns the part's message id. */
  private async addPart(part: SubmitFields, deadline: Deadline): Promise<string | null> {
    for (;;) {
      try {
        const result = await this.submitPart(part, deadline);
        if (result.outcome === 'accepted') return result.vendorMessageId;
        throw new ProviderUnavailable({ vendorCode: result.vendorCode, mayHaveBeenSent: true });
      } catch (error) {
        if (!wasNotAccepted(error)) throw partlySent(error);
        await deadline.wait(sleep(RETRY_PART_MS)).catch(() => {
          throw partlySent(error);
        });
      }
    }
  }

  private async submitPart(
    part: SubmitFields,
    deadline: Deadline,
    progress: Progress = { isWritten: false, writtenAt: 0 },
  ): Promise<SendResult> {
    try {
      const answer = await this.exchange(part, deadline, progress);
      const status = statusName(answer.command_status);
      if (status !== 'ESME_ROK') return conclude(submitVerdict(status), status);
      if (answer.command !== 'submit_sm_resp') {
        throw new ProviderUnavailable({ vendorCode: 'invalid_answer', mayHaveBeenSent: true });
      }
      const id = answer['message_id'];
      const isNamed = typeof id === 'string' && id !== '';
      return { outcome: 'accepted', vendorMessageId: isNamed ? canonicalId(id) : null };
    } catch (error) {
      if (error instanceof BindRefused) return conclude(bindVerdict(error.status), error.status);
      if (error instanceof LinkFault) {
        const { code: vendorCode, written: mayHaveBeenSent } = error;
        throw new ProviderUnavailable({ vendorCode, mayHaveBeenSent, isUnreached: !mayHaveBeenSent });
      }
      if (!(error instanceof DeadlineExceeded)) throw error;
      if (error.why === 'aborted') throw new SendAborted();
      const { isWritten: mayHaveBeenSent } = progress;
      throw new ProviderUnavailable({
        vendorCode: 'timeout',
        mayHaveBeenSent,
        isUnreached: !mayHaveBeenSent,
      });
    }
  }

  private async bound(deadline: Deadline): Promise<SmppLink> {
    const link = await deadline.wait(this.connection.bound());
    deadline.assertLeft();
    return link;
  }

  /** Waits for the window and the bind, then submits. @param progress updated when the request is written. */
  private async exchange(part: SubmitFields, deadline: Deadline, progress: Progress): Promise<Pdu> {
    const entering = this.window.enter();
    const leave = await deadline.wait(entering).catch((error: unknown) => {
      void entering.then((leaveLate) => leaveLate());
      throw error;
    });
    const link = await this.bound(deadline).catch((error: unknown) => {
      leave();
      throw error;
    });
    progress.isWritten = true;
    progress.writtenAt = performance.now();
    // The place in the window is released when the SMSC responds, even after the deadline.
    const answering = link.request('submit_sm', part, this.settings.requestTimeoutMs).finally(leave);
    const answer = await deadline.wait(answering);
    if (statusName(answer.command_status) === 'ESME_RINVBNDSTS') link.forget();
    return answer;
  }
}

function wasNotAccepted(error: unknown): boolean {
  return (
    error instanceof ProviderOverQuota || (error instanceof ProviderUnavailable && !error.mayHaveBeenSent)
  );
}

/** The error for an SMS that was accepted in part. */
function partlySent(error: unknown): unknown {
  if (error instanceof DeadlineExceeded)
    return new ProviderUnavailable({ vendorCode: error.why, mayHaveBeenSent: true });
  if (error instanceof SendAborted)
    return new ProviderUnavailable({ vendorCode: 'aborted', mayHaveBeenSent: true });
  if (!(error instanceof Error) || !('vendorCode' in error) || typeof error.vendorCode !== 'string')
    return error;
  return new ProviderUnavailable({ vendorCode: error.vendorCode, mayHaveBeenSent: true });
}
