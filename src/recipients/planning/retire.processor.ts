import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { LaneWorker, WORKER_OPTIONS, type LaneJob } from '../../queue/lane-worker.js';
import { DeviceDirectory } from '../devices/device-directory.js';

/** Retires devices whose vendor called their address dead. */
@Processor('devices', WORKER_OPTIONS)
export class RetireProcessor extends LaneWorker {
  constructor(
    private readonly devices: DeviceDirectory,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 1);
  }

  override async process(job: LaneJob<'device.retire'>): Promise<void> {
    const { deviceId, reason, vendorCode, at } = job.data;
    const retired = await this.devices.retire(deviceId, new Date(at));
    this.logger.info({ deviceId, reason, vendorCode, retired }, 'device.retired');
  }
}
