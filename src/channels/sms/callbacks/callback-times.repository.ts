import { Inject, Injectable } from '@nestjs/common';
import { Prisma } from '../../../platform/database/database.module.js';
import type { Logger } from '../../../platform/logging/logger.js';
import { LOGGER } from '../../../platform/logging/logging.module.js';

/** A process records the time of an account's callbacks at most this often. */
const EVERY_MS = 10_000;

export interface CallbackTime {
  readonly appId: string;
  readonly provider: string;
  readonly lastAt: Date;
}

/** When vendors last called back, over all processes. */
@Injectable()
export class CallbackTimesRepository {
  /** When this process recorded an account last. There are as many as SMS accounts. */
  private readonly notedAt = new Map<string, number>();

  constructor(
    @Inject(Prisma) private readonly prisma: Prisma,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Records a callback in the background. Logs failures. */
  note(appId: string, provider: string): void {
    const account = JSON.stringify([appId, provider]);
    const now = performance.now();
    if (now - (this.notedAt.get(account) ?? -Infinity) < EVERY_MS) return;
    this.notedAt.set(account, now);
    this.write({ appId, provider, lastAt: new Date() }).catch((err: unknown) => {
      this.notedAt.delete(account);
      this.logger.debug({ appId, provider, err }, 'sms.callback_time_not_recorded');
    });
  }

  all(): Promise<readonly CallbackTime[]> {
    return this.prisma.smsCallback.findMany();
  }

  private async write({ appId, provider, lastAt }: CallbackTime): Promise<void> {
    const where = { appId_provider: { appId, provider } };
    await this.prisma.smsCallback.upsert({
      where,
      create: { appId, provider, lastAt },
      update: { lastAt },
    });
  }
}
