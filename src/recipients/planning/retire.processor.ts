import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { Logger } from '../../platform/logging/logger.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { JobQueue } from '../../queue/job-queue.js';
import type { RetireDevice } from '../../queue/jobs.js';
import { QueueWorker, WORKER_OPTIONS, type QueueJob } from '../../queue/queue-worker.js';
import { DeviceLookup, type DeviceAccount } from '../devices/device-lookup.js';
import { DeviceUpkeep } from '../devices/device-upkeep.js';
import { deviceKind } from '../devices/push-provider-of.js';
import { SeenMessageRepository } from '../read-receipts/seen-message.repository.js';
import { RetirementBrake } from './retirement-brake.js';
import { TextedMessageRepository } from './texted-message.repository.js';

const MS_PER_DAY = 86_400_000;
const SWEEP_EVERY_MS = 3_600_000;
/** Far longer than an SMS waits for a read receipt (`sms.seenWithinSeconds`). */
const SEEN_FOR_DAYS = 2;

/**
 * Retires devices whose vendor reported their address dead, and devices not registered for a long time. The sweep also
 * deletes old records of messages that users have seen or received by SMS.
 */
@Processor('devices', WORKER_OPTIONS)
export class RetireProcessor extends QueueWorker {
  constructor(
    private readonly config: GatewayConfig,
    private readonly devices: DeviceLookup,
    private readonly upkeep: DeviceUpkeep,
    private readonly brake: RetirementBrake,
    private readonly seen: SeenMessageRepository,
    private readonly texted: TextedMessageRepository,
    private readonly queue: JobQueue,
    private readonly metrics: Metrics,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 1);
  }

  override async start(): Promise<void> {
    await this.queue.schedule('devices', 'device.sweep', SWEEP_EVERY_MS, {});
  }

  protected override async handle(
    job: QueueJob<'device.retire'> | QueueJob<'device.reached'> | QueueJob<'device.sweep'>,
  ): Promise<void> {
    switch (job.name) {
      case 'device.sweep':
        return this.sweep();
      case 'device.reached':
        return this.upkeep.noteReached(job.data.devices, new Date(job.data.at));
      case 'device.retire':
        return this.retire(job.data);
    }
  }

  private async retire(request: RetireDevice): Promise<void> {
    const { deviceId, reason, vendorCode, at, accountMayBeWrong = false } = request;
    const device = await this.devices.find(deviceId);
    if (!device) return;
    const { appId, uid, providerId: provider, registeredAt } = device;
    const kind = this.kindOf(device);
    const account = { appId, channel: 'push', provider, kind } as const;
    const facts = { deviceId, appId, provider, kind, reason, vendorCode };
    const why = await this.brake.holds(account, { deviceId, uid, registeredAt, accountMayBeWrong });
    if (why !== undefined) {
      this.logger[why === 'unproven' ? 'warn' : 'info']({ ...facts, why }, 'device.kept');
    } else if (await this.devices.retire(deviceId, { at: new Date(at), reason, vendorCode })) {
      this.metrics.devicesRetired.inc({ app: appId, reason });
      this.logger.info(facts, 'device.retired');
    } else {
      this.logger.info({ ...facts, why: 'registered_since' }, 'device.kept');
    }
  }

  /** The `kind` of the device in the ledger. */
  private kindOf(device: DeviceAccount): string {
    const app = this.config.apps.find(({ appId }) => appId === device.appId);
    return deviceKind(app?.push.providers ?? [], device);
  }

  private async sweep(): Promise<void> {
    const { devices, ledger } = this.config;
    const retired = await this.upkeep.retireUnseen(daysAgo(devices.retireAfterDays));
    const deleted = await this.upkeep.deleteRetired(daysAgo(ledger.retentionDays));
    for (const [app, count] of retired) this.metrics.devicesRetired.inc({ app, reason: 'unseen' }, count);
    const total = [...retired.values()].reduce((sum, count) => sum + count, 0);
    const seen = await this.seen.deleteBefore(daysAgo(SEEN_FOR_DAYS));
    const texted = await this.texted.deleteBefore(daysAgo(ledger.retentionDays));
    this.logger.info({ retired: total, deleted, seen, texted }, 'device.swept');
  }
}

const daysAgo = (days: number): Date => new Date(Date.now() - days * MS_PER_DAY);
