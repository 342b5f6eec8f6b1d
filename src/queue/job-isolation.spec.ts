import { describe, expect, it } from '@jest/globals';
import type { Job } from 'bullmq';
import { JobIsolation } from './job-isolation.js';

/** A job as stored, which survives its process. */
class StoredJob {
  progress: unknown = 0;
  stalledCounter = 0;
  readonly data: object;
  readonly marks: unknown[] = [];

  constructor(data: object = {}) {
    this.data = data;
  }

  async updateProgress(mark: unknown): Promise<void> {
    this.marks.push(mark);
    this.progress = mark;
  }

  /** As BullMQ passes it to a worker. */
  given(): Job {
    return this as unknown as Job;
  }
}

const never = (): Promise<void> => new Promise(() => undefined);
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs the job in a process that crashes meanwhile. */
async function crashWith(job: StoredJob): Promise<void> {
  void new JobIsolation().run(job.given(), never);
  await soon();
  job.stalledCounter += 1;
}

describe('JobIsolation', () => {
  it('records nothing for a job that was never lost with a worker', async () => {
    const job = new StoredJob();
    expect(await new JobIsolation().run(job.given(), () => Promise.resolve())).toBe(true);
    expect(job.marks).toEqual([]);
  });

  it('records a crash only while a suspect runs, whether it succeeds or fails', async () => {
    const job = new StoredJob();
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

  it('refuses a job after its fourth crash, and runs it alone when it is retried', async () => {
    const job = new StoredJob();
    for (let crashes = 0; crashes < 4; crashes++) await crashWith(job);
    let done = 0;
    const work = async (): Promise<void> => void (done += 1);
    expect(await new JobIsolation().run(job.given(), work)).toBe(false);
    expect(done).toBe(0);

    await crashWith(job);
    expect(await new JobIsolation().run(job.given(), work)).toBe(false);
    expect(await new JobIsolation().run(job.given(), work)).toBe(true);
    expect(done).toBe(1);
  });

  it('suspects a job as much as the one that left it over', async () => {
    const job = new StoredJob({ crashes: 2 });
    const given: number[] = [];
    await new JobIsolation().run(job.given(), async (crashes) => void given.push(crashes));
    expect(given).toEqual([2]);
    expect(job.marks).toEqual([{ deaths: 3 }, { deaths: 2 }]);
    await crashWith(job);
    await crashWith(job);
    expect(await new JobIsolation().run(job.given(), () => Promise.resolve())).toBe(false);
  });

  it('does not blame a waiting job for a crash', async () => {
    const [suspect, bystander] = [new StoredJob(), new StoredJob()];
    await crashWith(suspect);
    await crashWith(suspect);
    await crashWith(bystander);
    await crashWith(bystander);
    const isolation = new JobIsolation();
    void isolation.run(suspect.given(), never);
    void isolation.run(bystander.given(), never);
    await soon();
    expect(suspect.progress).toEqual({ deaths: 3 });
    expect(bystander.progress).toEqual({ deaths: 2 });
  });
});
