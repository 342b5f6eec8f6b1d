import { Inject, Injectable } from '@nestjs/common';
import type { PushAddress } from '../../domain/delivery.js';
import type { Transport } from '../../domain/notification.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import type { WebPushKeys } from './registration.js';

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

interface PersonKey {
  readonly appId: string;
  readonly uid: string;
}

interface DeviceRow {
  readonly position: number;
  readonly id: string;
  readonly provider_id: string;
  readonly session_id: string | null;
  readonly transport: Transport;
  readonly platform: string;
  readonly token: string;
  readonly web_push_keys: WebPushKeys | null;
  readonly environment: 'production' | 'sandbox' | null;
  readonly locale: string | null;
}

const SELECT_DEVICES = `
SELECT p.position::int AS position, d.id, d.provider_id, d.session_id, d.transport, d.platform, d.token, d.web_push_keys, d.environment, d.locale
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS p(app_id, uid, position)
JOIN device d ON d.app_id = p.app_id AND d.uid = p.uid AND d.retired_at IS NULL
ORDER BY p.position, d.updated_at DESC, d.id DESC`;

/** Where a person's pushes go. Questions that are asked at the same time are answered by one statement. */
@Injectable()
export class DeviceDirectory {
  private readonly questions = new Batcher((persons: readonly PersonKey[]) => this.findAll(persons));
  /** Those of calls wait for no statement about hundreds of chats. */
  private readonly questionsOfCalls = new Batcher((persons: readonly PersonKey[]) => this.findAll(persons));

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

  private async findAll(persons: readonly PersonKey[]): Promise<ReachableDevice[][]> {
    const { rows } = await this.sql.query<DeviceRow>({
      name: 'devices.of',
      text: SELECT_DEVICES,
      values: [persons.map(({ appId }) => appId), persons.map(({ uid }) => uid)],
    });
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
