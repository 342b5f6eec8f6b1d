import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { within } from '../../platform/timing/within.js';
import { QueueSampler } from './queue-sampler.js';
import { TallyWriter } from './tally-writer.js';

const EVERY_MS = 10_000;
const LAST_WRITE_WITHIN_MS = 2_000;

/** Tallies every ten seconds, in every process, on whole ten seconds: a minute gets what happened in it. */
@Injectable()
export class TallyTimer implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly writer: TallyWriter,
    private readonly sampler: QueueSampler,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  /** Runs after requests and jobs have ended, and before connections close. */
  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await within(LAST_WRITE_WITHIN_MS, this.writer.writeLast()).catch(() => undefined);
  }

  private schedule(): void {
    this.timer = setTimeout(() => void this.run(), EVERY_MS - (Date.now() % EVERY_MS)).unref();
  }

  /** The next run is scheduled when this one has ended: a slow store is not asked again meanwhile. */
  private async run(): Promise<void> {
    await this.writer.write();
    if (!this.isStopping) await this.sampler.sample();
    if (!this.isStopping) this.schedule();
  }
}
