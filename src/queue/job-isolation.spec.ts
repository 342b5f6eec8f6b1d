import { describe, expect, it } from '@jest/globals';
import type { Job } from 'bullmq';
import { JobIsolation } from './job-isolation.js';

/** A job as it is kept: what outlives the process that has it in hand. */
class KeptJob {
  progress: unknown = 0;
  stalledCounter = 0;
  readonly marks: unknown[] = [];

  async updateProgress(mark: unknown): Promise<void> {
    this.marks.push(mark);
    this.progress = mark;
  }

  /** As BullMQ gives it out. */
  given(): Job {
    return this as unknown as Job;
  }
}

const never = (): Promise<void> => new Promise(() => undefined);
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Does the job in a process that ends meanwhile. */
async function dieWith(job: KeptJob): Promise<void> {
  void new JobIsolation().run(job.given(), never);
  await soon();
  job.stalledCounter += 1;
}

describe('a job', () => {
  it('that was never lost with a worker is done without a mark', async () => {
    const job = new KeptJob();
    expect(await new JobIsolation().run(job.given(), () => Promise.resolve())).toBe(true);
    expect(job.marks).toEqual([]);
  });

  it('that was lost is marked while it is at work, and not afterwards, however it ends', async () => {
    const job = new KeptJob();
    job.stalledCounter = 7;
    const during: unknown[] = [];
    const work = (end: Promise<void>) => (): Promise<void> => {
      during.push(job.progress);
      return end;
    };
    await new JobIsolation().run(job.given(), work(Promise.resolve()));
    const failing = new JobIsolation().run(job.given(), work(Promise.reject(new Error('later'))));
    await expect(failing).rejects.toThrow('later');
    expect(during).toEqual([{ deaths: 2 }, { deaths: 2 }]);
    expect(job.progress).toEqual({ deaths: 1 });
  });

  it('is not done any more after the fourth death, and once more, alone, when it is retried', async () => {
    const job = new KeptJob();
    for (let deaths = 0; deaths < 4; deaths++) await dieWith(job);
    let done = 0;
    const work = async (): Promise<void> => void (done += 1);
    expect(await new JobIsolation().run(job.given(), work)).toBe(false);
    expect(done).toBe(0);

    await dieWith(job);
    expect(await new JobIsolation().run(job.given(), work)).toBe(false);
    expect(await new JobIsolation().run(job.given(), work)).toBe(true);
    expect(done).toBe(1);
  });

  it('that waits for its turn is not blamed for a death', async () => {
    const [suspect, bystander] = [new KeptJob(), new KeptJob()];
    await dieWith(suspect);
    await dieWith(suspect);
    await dieWith(bystander);
    await dieWith(bystander);
    const isolation = new JobIsolation();
    void isolation.run(suspect.given(), never);
    void isolation.run(bystander.given(), never);
    await soon();
    expect(suspect.progress).toEqual({ deaths: 3 });
    expect(bystander.progress).toEqual({ deaths: 2 });
  });
});
