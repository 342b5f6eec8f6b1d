import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../platform/logging/logger.js';
import { newId } from '../../platform/ids/new-id.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { JobQueue } from '../../queue/job-queue.js';
import type { ReachedDevice } from '../../queue/jobs.js';

const DAY_MS = 86_400_000;
/** Devices that are remembered, for each process: 20 MB. Of more, some are told of more than once a day. */
const MAX_REMEMBERED = 100_000;
const MAX_IN_JOB = 500;
const GATHER_MS = 1_000;

/**
 * Tells `recipients` which devices vendors take pushes for, since that is a sign of life: each device once a day, many in
 * one job. What a process that is killed had gathered is told at the next push.
 */
@Injectable()
export class ReachedDevices implements BeforeApplicationShutdown {
  private readonly told = new LRUCache<string, true>({ ttl: DAY_MS, max: MAX_REMEMBERED });
  private gathered = new Map<string, ReachedDevice>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly queue: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  note(device: ReachedDevice): void {
    if (this.told.get(device.id) && device.environment === undefined) return;
    this.told.set(device.id, true);
    this.gathered.set(device.id, device);
    // The next push is to find the environment at the device.
    if (device.environment !== undefined || this.gathered.size >= MAX_IN_JOB) void this.tell();
    else this.timer ??= setTimeout(() => void this.tell(), GATHER_MS).unref();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.tell();
  }

  private async tell(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const devices = [...this.gathered.values()];
    if (devices.length === 0) return;
    this.gathered = new Map();
    try {
      const data = { v: 1, devices, at: Date.now() } as const;
      await this.queue.addAll('devices', [{ name: 'device.reached', id: `reached-${newId()}`, data }]);
    } catch (err) {
      // The next push to each of them tells of it again.
      for (const { id } of devices) this.told.delete(id);
      this.logger.warn({ err, devices: devices.length }, 'device.reached_not_told');
    }
  }
}
