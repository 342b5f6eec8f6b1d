import { Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { SendDelivery } from './jobs.js';
import { IsolationScheduler, type RiskLevel } from './isolation-scheduler.js';

/** Crashes, the last of them while the job ran alone, after which a job is dead-lettered. */
const MAX_CRASHES = 4;

/** The job's crashes, stored as its progress. Older versions read the field. */
type Mark = { readonly deaths: number };

/**
 * Finds the job that crashes its process among those in progress (ADR 0033).
 *
 * A job whose process crashed, or was suspended too long, is suspect. It runs again beside a few other suspects, then
 * as the only suspect beside new jobs, then alone. Each run first records a crash and takes it back at the end, so that
 * the record survives only a crash. A job that crashes its process while alone is dead-lettered. A job that a suspect one
 * leaves over is as suspect.
 */
@Injectable()
export class JobIsolation {
  private readonly scheduler = new IsolationScheduler();

  /**
   * @param work gets the number of the job's crashes.
   * @returns false without running the job if it crashed its process while alone.
   */
  async run(job: Job, work: (crashes: number) => Promise<void>): Promise<boolean> {
    const crashes = crashesOf(job);
    if (crashes === 0) {
      await this.scheduler.run(0, () => work(0));
      return true;
    }
    if (crashes >= MAX_CRASHES) {
      // If an operator retries it, it runs alone once more.
      await mark(job, MAX_CRASHES - 1);
      return false;
    }
    await this.scheduler.run(crashes as RiskLevel, async () => {
      await mark(job, crashes + 1);
      try {
        await work(crashes);
      } finally {
        await mark(job, crashes);
      }
    });
    return true;
  }

  /** Cancels waiting jobs with this error, which returns them to the queue. */
  stop(why: Error): void {
    this.scheduler.stop(why);
  }
}

function crashesOf({ progress, stalledCounter, data }: Job): number {
  if (typeof progress === 'object' && 'deaths' in progress) return (progress as Mark).deaths;
  const { crashes = 0 } = (data ?? {}) as Pick<SendDelivery, 'crashes'>;
  return Math.min(MAX_CRASHES - 1, Math.max(crashes, stalledCounter > 0 ? 1 : 0));
}

const mark = (job: Job, crashes: number): Promise<void> =>
  job.updateProgress({ deaths: crashes } satisfies Mark);
