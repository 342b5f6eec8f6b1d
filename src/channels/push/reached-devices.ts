import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../platform/logging/logger.js';
import { newId } from '../../platform/ids/new-id.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { JobQueue } from '../../queue/job-queue.js';
import type { ReachedDevice } from '../../queue/jobs.js';

const DAY_MS = 86_400_000;
/** Devices cached per process, about 20 MB. Beyond it, some are reported more than once a day. */
const MAX_CACHED = 100_000;
const MAX_IN_JOB = 500;
const GATHER_MS = 1_000;

/**
 * Reports to `recipients` the devices for which vendors accept pushes, as a sign of life: each device once a day, in
 * batches. Devices gathered by a killed process are reported after their next push.
 */
@Injectable()
export class ReachedDevices implements BeforeApplicationShutdown {
  private readonly reported = new LRUCache<string, true>({ ttl: DAY_MS, max: MAX_CACHED });
  private gathered = new Map<string, ReachedDevice>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly queue: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  note(device: ReachedDevice): void {
    if (this.reported.get(device.id) && device.environment === undefined) return;
    this.reported.set(device.id, true);
    this.gathered.set(device.id, device);
    // Reported immediately, so that the next push uses the device's environment.
    if (device.environment !== undefined || this.gathered.size >= MAX_IN_JOB) void this.report();
    else this.timer ??= setTimeout(() => void this.report(), GATHER_MS).unref();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.report();
  }

  private async report(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const devices = [...this.gathered.values()];
    if (devices.length === 0) return;
    this.gathered = new Map();
    try {
      const data = { v: 1, devices, at: Date.now() } as const;
      await this.queue.addAll('devices', [{ name: 'device.reached', id: `reached-${newId()}`, data }]);
    } catch (err) {
      // The next push to each of them reports it again.
      for (const { id } of devices) this.reported.delete(id);
      this.logger.warn({ err, devices: devices.length }, 'device.reached_not_told');
    }
  }
}
