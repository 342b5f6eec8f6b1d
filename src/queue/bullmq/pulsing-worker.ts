import { Worker, type Job, type JobJson, type Processor, type WorkerOptions } from 'bullmq';

/** How long jobs are fetched before those that were fetched are started, in ms. */
const FETCH_FOR_MS = 100;
/** The pause after a failed fetch, in ms. */
const AFTER_FAILURE_MS = 1_000;

export interface Pulse {
  readonly fetches: number;
  readonly searches: number;
  readonly jobsUnderWay: number;
}

/** A BullMQ worker that counts the answers of its store, so that a supervisor can tell a quiet worker from a dead one. */
export class PulsingWorker extends Worker {
  /** Answers to its fetches, with or without a job. */
  private fetches = 0;
  /** Answers to its regular search for jobs of dead workers. */
  private searches = 0;
  private jobsUnderWay = 0;

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
    return { fetches: this.fetches, searches: this.searches, jobsUnderWay: this.jobsUnderWay };
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

  /** BullMQ itself fetches again at once, thousands of times a second, where the store refuses rather than hangs. */
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
    this.jobsUnderWay += 1;
    try {
      return await work();
    } finally {
      this.jobsUnderWay -= 1;
    }
  }
}

/** What of BullMQ's main loop tells how many fetched jobs have not been started. */
interface MainLoop {
  readonly mainLoopQueue: { numQueued(): number } | null;
}

/**
 * Bounds how long jobs are fetched before those that were fetched are started.
 *
 * BullMQ 6.7 fetches one job after another up to the concurrency before it starts the first of them. With 500 at once
 * and a store that takes 50 ms for each, the first waits 25 s, longer than its lock. Its main loop compares the
 * private field `_concurrency` before every fetch. Can be deleted when BullMQ starts a job as soon as it is fetched.
 */
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
