// Works around three behaviors of `Worker` in BullMQ 6.7 (`classes/worker.js`, ADR 0035):
// - It exposes no sign that its fetches are answered, so a stalled worker cannot be told from an idle one.
// - `mainLoop` fetches up to the concurrency before it starts the first job. With 500 concurrent jobs and 50 ms per
//   fetch, the first one starts after 25 s, when its lock has expired.
// - After a failed fetch it fetches again at once, thousands of times a second if the store refuses connections.
// Delete when BullMQ detects unanswered fetches, starts each job when it is fetched, and backs off after failures.

import { Worker, type Job, type JobJson, type Processor, type WorkerOptions } from 'bullmq';

/** Maximum time in ms for which jobs are fetched before the fetched ones are started. */
const FETCH_FOR_MS = 100;
/** Pause after a failed fetch in ms. */
const AFTER_FAILURE_MS = 1_000;

export interface Pulse {
  readonly fetches: number;
  readonly searches: number;
  readonly jobsInProgress: number;
}

/** A BullMQ worker that counts its store's answers, so that a supervisor can tell an idle worker from a stalled one. */
export class PulsingWorker extends Worker {
  /** Answered fetches, with or without a job. */
  private fetches = 0;
  /** Answered searches for stalled jobs. */
  private searches = 0;
  private jobsInProgress = 0;

  constructor(name: string, process: Processor, options: WorkerOptions) {
    super(
      name,
      // BullMQ passes a signal only to a function of three parameters.
      (job, token, signal) => this.count(() => process(job, token, signal)),
      options,
    );
    fetchBriefly(this);
  }

  get pulse(): Pulse {
    return { fetches: this.fetches, searches: this.searches, jobsInProgress: this.jobsInProgress };
  }

  protected override createBackend(): void {
    super.createBackend();
    const backend = this.getBackend();
    const search = backend.moveStalledJobsToWait.bind(backend);
    backend.moveStalledJobsToWait = async () => {
      const found = await search();
      this.searches += 1;
      return found;
    };
  }

  protected override async moveToActive(token: string, name?: string): Promise<Job> {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      if (!this.closing) await this.delay(AFTER_FAILURE_MS);
      throw error;
    }
  }

  protected override nextJobFromJobData(json?: JobJson, id?: string, token?: string): Promise<Job> {
    this.fetches += 1;
    return super.nextJobFromJobData(json, id, token);
  }

  private async count(work: () => Promise<unknown>): Promise<unknown> {
    this.jobsInProgress += 1;
    try {
      return await work();
    } finally {
      this.jobsInProgress -= 1;
    }
  }
}

/** BullMQ's queue of fetched jobs that have not been started. */
interface MainLoop {
  readonly mainLoopQueue: { numQueued(): number } | null;
}

/** Ends a series of fetches after `FETCH_FOR_MS`: the main loop reads the private `_concurrency` before each fetch. */
function fetchBriefly(worker: Worker): void {
  let most = worker.concurrency;
  let since: number | undefined;
  const mainLoop = worker as unknown as MainLoop;
  Object.defineProperty(worker, '_concurrency', {
    set: (jobs: number) => {
      most = jobs;
    },
    get: () => {
      if ((mainLoop.mainLoopQueue?.numQueued() ?? 0) === 0) {
        since = undefined;
        return most;
      }
      since ??= performance.now();
      return performance.now() - since > FETCH_FOR_MS ? 0 : most;
    },
  });
}
