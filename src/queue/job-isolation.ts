import { Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import { IsolationScheduler, type RiskLevel } from './isolation-scheduler.js';

/** Deaths of its process, the last of them while it was alone there, after which a job is the one to blame. */
const MAX_CRASHES = 4;

/** What is kept with a job, as its progress, of how often its process ended while the job was in hand. */
interface Mark {
  readonly deaths: number;
}

/**
 * Finds the job that ends its process, whatever else was in hand at the time (ADR 0033).
 *
 * A job whose process ended, or was paused too long, is suspect. It is done again with few others like it, then by
 * itself beside fresh jobs, then alone. Before each of these it is marked as having ended the process, and afterwards
 * the mark is taken back: what finds its mark has ended the process. What does so alone is set aside.
 */
@Injectable()
export class JobIsolation {
  private readonly scheduler = new IsolationScheduler();

  /** @returns false, and nothing was done: the job has ended its process while nothing else was in hand. */
  async run(job: Job, work: () => Promise<void>): Promise<boolean> {
    const deaths = crashesOf(job);
    if (deaths === 0) {
      await this.scheduler.run(0, work);
      return true;
    }
    if (deaths >= MAX_CRASHES) {
      // Done again at an operator's word, it is alone once more.
      await mark(job, MAX_CRASHES - 1);
      return false;
    }
    await this.scheduler.run(deaths as RiskLevel, async () => {
      await mark(job, deaths + 1);
      try {
        await work();
      } finally {
        await mark(job, deaths);
      }
    });
    return true;
  }

  /** The process stops: whatever waits for its turn goes back into the queue, by this error. */
  stop(why: Error): void {
    this.scheduler.stop(why);
  }
}

function crashesOf({ progress, stalledCounter }: Job): number {
  if (typeof progress === 'object' && 'deaths' in progress) return (progress as Mark).deaths;
  return stalledCounter > 0 ? 1 : 0;
}

const mark = (job: Job, deaths: number): Promise<void> => job.updateProgress({ deaths } satisfies Mark);
