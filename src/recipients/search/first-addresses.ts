import { Inject, Injectable } from '@nestjs/common';
import type { ApnsEnvironment } from '../../domain/apns-environment.js';
import type { Transport } from '../../domain/notification.js';
import { Prisma } from '../../platform/database/database.module.js';

/** Rows that are read of each table. */
const MAX_READ = 2_000;

export interface ListedDevice {
  readonly id: string;
  readonly uid: string;
  readonly platform: string;
  readonly transport: Transport;
  readonly providerId: string;
  readonly environment: ApnsEnvironment | null;
  readonly token: string;
  readonly updatedAt: Date;
}

export interface ListedContact {
  readonly uid: string;
  /** E.164 */
  readonly phno: string;
  readonly updatedAt: Date;
}

/** Lists the addresses of small apps: those of the first users by uid. */
@Injectable()
export class FirstAddresses {
  constructor(@Inject(Prisma) private readonly prisma: Prisma) {}

  /** Devices in use, among the first 2,000. */
  async devicesOf(appId: string): Promise<ListedDevice[]> {
    const rows = await this.prisma.device.findMany({
      where: { appId },
      orderBy: { uid: 'asc' },
      take: MAX_READ,
      select: {
        ...{ id: true, uid: true, platform: true, transport: true, providerId: true },
        ...{ environment: true, token: true, updatedAt: true, retiredAt: true },
      },
    });
    return rows.flatMap(({ retiredAt, ...device }) => (retiredAt ? [] : [device as ListedDevice]));
  }

  /** The first 2,000 contacts. */
  contactsOf(appId: string): Promise<ListedContact[]> {
    return this.prisma.contact.findMany({
      where: { appId },
      orderBy: { uid: 'asc' },
      take: MAX_READ,
      select: { uid: true, phno: true, updatedAt: true },
    });
  }
}
