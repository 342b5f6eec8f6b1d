import { Inject, Injectable } from '@nestjs/common';
import type { PushAddress } from '../../domain/delivery.js';
import type { Transport } from '../../domain/notification.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { columns } from '../../platform/database/columns.js';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import { DEVICES_OF, type DeviceRow } from './device.sql.js';

/** A device as a notification's plan needs it. */
export interface ReachableDevice {
  readonly id: string;
  readonly providerId: string;
  readonly sessionId: string | null;
  /** The language that the app runs in, where it said so. */
  readonly locale: string | null;
  readonly address: PushAddress;
}

/** Why a device is not used any more. */
export interface Retirement {
  /** The moment that the vendor's word is about. */
  readonly at: Date;
  readonly reason: string;
  /** Empty where the vendor has none. */
  readonly vendorCode: string;
}

/** Whose a device is, and the vendor's account that serves it. */
export interface DeviceAccount {
  readonly uid: string;
  readonly registeredAt: Date;
  readonly appId: string;
  readonly providerId: string;
  readonly transport: Transport;
}

interface UserKey {
  readonly appId: string;
  readonly uid: string;
}

/** Where a person's pushes go. Questions that are asked at the same time are answered by one statement. */
@Injectable()
export class DeviceLookup {
  private readonly questions = new Batcher((persons: readonly UserKey[]) => this.findAll(persons));
  /** Those of calls wait for no statement about hundreds of chats. */
  private readonly questionsOfCalls = new Batcher((persons: readonly UserKey[]) => this.findAll(persons));

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

  /** Every device of a person that is in use, the one that was registered last first. */
  devicesOf(appId: string, uid: string, isForCall = false): Promise<readonly ReachableDevice[]> {
    return (isForCall ? this.questionsOfCalls : this.questions).run({ appId, uid });
  }

  /**
   * Retires a device whose address its vendor called dead, unless it was registered again after `at`, the moment that
   * the vendor's word is about: then the address is alive again.
   *
   * @returns whether it retired it.
   */
  async retire(deviceId: string, { at, reason, vendorCode }: Retirement): Promise<boolean> {
    const { count } = await this.prisma.device.updateMany({
      where: { id: deviceId, updatedAt: { lte: at }, retiredAt: null },
      data: { retiredAt: new Date(), retiredReason: reason, retiredCode: vendorCode || null },
    });
    return count > 0;
  }

  /** Through whom a device in use is reached; undefined where there is none of this id. */
  async find(deviceId: string): Promise<DeviceAccount | undefined> {
    const device = await this.prisma.device.findUnique({
      where: { id: deviceId, retiredAt: null },
      select: { appId: true, uid: true, updatedAt: true, providerId: true, transport: true },
    });
    if (!device) return undefined;
    const { updatedAt: registeredAt, transport, ...rest } = device;
    return { ...rest, registeredAt, transport: transport as Transport };
  }

  private async findAll(persons: readonly UserKey[]): Promise<ReachableDevice[][]> {
    const rows = await DEVICES_OF.rows(this.sql, columns(persons, 'appId', 'uid'));
    const found = persons.map((): ReachableDevice[] => []);
    for (const row of rows) found[row.position - 1]?.push(toReachable(row));
    return found;
  }
}

function toReachable(row: DeviceRow): ReachableDevice {
  const { id, transport, platform, token } = row;
  const address: PushAddress = {
    transport,
    token,
    platform,
    ...(row.environment ? { environment: row.environment } : {}),
    ...(row.web_push_keys ? { keys: row.web_push_keys } : {}),
  };
  return { id, providerId: row.provider_id, sessionId: row.session_id, locale: row.locale, address };
}
