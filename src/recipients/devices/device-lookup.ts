import { Inject, Injectable } from '@nestjs/common';
import type { PushAddress } from '../../domain/delivery.js';
import type { Transport } from '../../domain/notification.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { columns } from '../../platform/database/columns.js';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import { DEVICES_OF, type DeviceRow } from './device.sql.js';

/** A device as planning needs it. */
export interface ReachableDevice {
  readonly id: string;
  readonly providerId: string;
  readonly sessionId: string | null;
  /** The app's language, if known. */
  readonly locale: string | null;
  readonly address: PushAddress;
}

/** Why and when a device is retired. */
export interface Retirement {
  /** The time that the vendor's answer refers to. */
  readonly at: Date;
  readonly reason: string;
  /** Empty if the vendor gave none. */
  readonly vendorCode: string;
}

/** A device that is no longer in use. */
export interface LastRetired {
  readonly kind: string;
  readonly retiredAt: Date;
  readonly reason: string;
  readonly code: string | null;
}

/** The owner of a device, and the vendor account that serves it. */
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

/** Finds the devices of users. Concurrent lookups share a statement. */
@Injectable()
export class DeviceLookup {
  private readonly lookups = new Batcher((users: readonly UserKey[]) => this.findAll(users));
  /** Separate, so that calls never wait for a statement about hundreds of chats. */
  private readonly callLookups = new Batcher((users: readonly UserKey[]) => this.findAll(users));

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

  /** All devices of a user that are in use, most recently registered first. */
  devicesOf(appId: string, uid: string, isForCall = false): Promise<readonly ReachableDevice[]> {
    return (isForCall ? this.callLookups : this.lookups).run({ appId, uid });
  }

  /**
   * Retires a device whose address its vendor reported dead, unless it was registered again after `at`.
   *
   * @returns whether the device was retired.
   */
  async retire(deviceId: string, { at, reason, vendorCode }: Retirement): Promise<boolean> {
    const { count } = await this.prisma.device.updateMany({
      where: { id: deviceId, updatedAt: { lte: at }, retiredAt: null },
      data: { retiredAt: new Date(), retiredReason: reason, retiredCode: vendorCode || null },
    });
    return count > 0;
  }

  /** The device of a user that was retired last; null if none is. */
  async lastRetired(appId: string, uid: string): Promise<LastRetired | null> {
    const device = await this.prisma.device.findFirst({
      where: { appId, uid, retiredAt: { not: null } },
      orderBy: { retiredAt: 'desc' },
      select: { transport: true, retiredAt: true, retiredReason: true, retiredCode: true },
    });
    if (!device?.retiredAt) return null;
    const { transport: kind, retiredAt, retiredReason, retiredCode: code } = device;
    return { kind, retiredAt, reason: retiredReason ?? '', code };
  }

  /** The account of a device in use; undefined if there is none with this id. */
  async find(deviceId: string): Promise<DeviceAccount | undefined> {
    const device = await this.prisma.device.findUnique({
      where: { id: deviceId, retiredAt: null },
      select: { appId: true, uid: true, updatedAt: true, providerId: true, transport: true },
    });
    if (!device) return undefined;
    const { updatedAt: registeredAt, transport, ...rest } = device;
    return { ...rest, registeredAt, transport: transport as Transport };
  }

  private async findAll(users: readonly UserKey[]): Promise<ReachableDevice[][]> {
    const rows = await DEVICES_OF.rows(this.sql, columns(users, 'appId', 'uid'));
    const found = users.map((): ReachableDevice[] => []);
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
