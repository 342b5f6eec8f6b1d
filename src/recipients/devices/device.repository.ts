import { Inject, Injectable } from '@nestjs/common';
import type { ApnsEnvironment } from '../../domain/apns-environment.js';
import { TRANSPORTS, type Transport } from '../../domain/notification.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { Prisma } from '../../platform/database/database.module.js';
import type { Device, Prisma as PrismaTypes } from '../../platform/database/generated/client.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { User } from '../user.js';
import {
  applyRegistrations,
  MAX_DEVICES_PER_USER,
  type DeviceKeys,
  type Registered,
} from './apply-registrations.js';
import type { DeviceSelection } from './device-selection.js';
import { findErased, lockDevices, type Transaction } from './device.sql.js';
import type { Registration } from './registration.js';
import { normaliseToken, tokenHash } from './token-hash.js';

interface UserRegistration {
  readonly uid: string;
  readonly receivedAt: Date;
  readonly registration: Registration;
}

/** A row as written by `registerAll`. */
export type StoredDevice = Device & {
  readonly transport: Transport;
  readonly environment: ApnsEnvironment | null;
};

export type RetiredDevice = StoredDevice & { readonly retiredAt: Date };

/** Why and by whom a device is retired by hand. */
export interface ManualRetirement {
  readonly reason: string;
  /** Name of the operator or credential. */
  readonly by: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A registration that waits longer than `maxWait` ms is answered 503. */
const LOCK_TIMEOUT = { maxWait: 5_000, timeout: 10_000 };

/**
 * The devices of all users.
 *
 * Registrations of one app are written one batch at a time, under a lock that spans all processes; those that arrive
 * meanwhile form the next batch. So no two registrations race for a token or a session, and a burst of them (an app
 * update, an import) costs a few statements.
 */
@Injectable()
export class DeviceRepository {
  private readonly batchers = new Map<string, Batcher<UserRegistration, Registered | 'erased'>>();

  constructor(@Inject(Prisma) private readonly prisma: Prisma) {}

  /**
   * Registers or refreshes a device.
   *
   * @param receivedAt when it was requested.
   * @throws GatewayError `USER.ERASED` if the user was erased since.
   */
  async register(
    { app, uid }: User,
    registration: Registration,
    receivedAt = new Date(),
  ): Promise<Registered> {
    const registered = await this.batcherOf(app.appId).run({ uid, registration, receivedAt });
    if (registered === 'erased') throw new GatewayError('USER.ERASED');
    return registered;
  }

  /** A user's devices in use, newest first. */
  async list({ app, uid }: User): Promise<StoredDevice[]> {
    const devices = await this.prisma.device.findMany({
      where: { appId: app.appId, uid, retiredAt: null },
      orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
    });
    return devices as StoredDevice[];
  }

  /** A user's retired devices, most recently retired first. */
  async listRetired({ app, uid }: User): Promise<RetiredDevice[]> {
    const devices = await this.prisma.device.findMany({
      where: { appId: app.appId, uid, retiredAt: { not: null } },
      orderBy: [{ retiredAt: 'desc' }, { id: 'desc' }],
    });
    return devices as RetiredDevice[];
  }

  /**
   * Removes the selected devices, retired ones included.
   *
   * @returns their number.
   * @throws GatewayError `DEVICE.NOT_FOUND` if the user has no device with the selected id or token.
   */
  async remove({ app, uid }: User, selection: DeviceSelection): Promise<number> {
    const selected = whereOf(selection);
    const count = await this.prisma.$transaction(async (transaction) => {
      // Under the same lock as registrations, so that they cannot deadlock.
      await lockDevices(transaction, app.appId);
      return (await transaction.device.deleteMany({ where: { ...selected, appId: app.appId, uid } })).count;
    }, LOCK_TIMEOUT);
    if (count === 0 && (selection.by === 'id' || selection.by === 'token'))
      throw new GatewayError('DEVICE.NOT_FOUND');
    return count;
  }

  /** A user's device. @throws GatewayError `DEVICE.NOT_FOUND` */
  async get({ app, uid }: User, deviceId: string): Promise<StoredDevice> {
    const where = { ...whereOf({ by: 'id', deviceId }), appId: app.appId, uid };
    const device = await this.prisma.device.findFirst({ where });
    if (!device) throw new GatewayError('DEVICE.NOT_FOUND');
    return device as StoredDevice;
  }

  /**
   * Retires a device by hand. Nothing changes if it is retired already.
   *
   * @throws GatewayError `DEVICE.NOT_FOUND`
   */
  async retire(user: User, deviceId: string, { reason, by }: ManualRetirement): Promise<RetiredDevice> {
    const { id } = await this.get(user, deviceId);
    await this.prisma.device.updateMany({
      where: { id, appId: user.app.appId, uid: user.uid, retiredAt: null },
      data: { retiredAt: new Date(), retiredReason: reason, retiredCode: null, retiredBy: by },
    });
    const device = await this.get(user, deviceId);
    // Registered again in between.
    if (!device.retiredAt) throw new GatewayError('DEVICE.NOT_FOUND');
    return device as RetiredDevice;
  }

  /**
   * Brings a retired device back into use. Nothing changes if it is in use. A token that was registered since, by any
   * user, has no retired device any more.
   *
   * @throws GatewayError `DEVICE.NOT_FOUND`; `DEVICE.NOT_RESTORABLE` if the user has too many devices.
   */
  async restore(user: User, deviceId: string): Promise<StoredDevice> {
    const { app, uid } = user;
    const { id } = await this.get(user, deviceId);
    await this.prisma.$transaction(async (transaction) => {
      const now = await lockDevices(transaction, app.appId);
      const inUse = await transaction.device.count({ where: { appId: app.appId, uid, retiredAt: null } });
      if (inUse >= MAX_DEVICES_PER_USER) throw new GatewayError('DEVICE.NOT_RESTORABLE');
      await transaction.device.updateMany({
        where: { id, appId: app.appId, uid, retiredAt: { not: null } },
        data: { retiredAt: null, retiredReason: null, retiredCode: null, retiredBy: null, updatedAt: now },
      });
    }, LOCK_TIMEOUT);
    return this.get(user, deviceId);
  }

  private batcherOf(appId: string): Batcher<UserRegistration, Registered | 'erased'> {
    const known = this.batchers.get(appId);
    if (known) return known;
    const batcher = new Batcher((items: readonly UserRegistration[]) => this.registerAll(appId, items), {
      maxItems: 250,
      maxCalls: 1,
    });
    this.batchers.set(appId, batcher);
    return batcher;
  }

  private registerAll(
    appId: string,
    given: readonly UserRegistration[],
  ): Promise<readonly (Registered | 'erased')[]> {
    return this.prisma.$transaction(async (transaction) => {
      const now = await lockDevices(transaction, appId);
      // Under the lock, under which the erasure deletes the devices after it has marked the user.
      const erased = await findErased(transaction, appId, given);
      const items = given.filter((item) => !erased.has(item));
      const known = await findKnown(transaction, appId, items);
      const { gone, fresh, answers } = applyRegistrations(known, items, now);
      const answerOf = new Map(items.map((item, index) => [item, answers[index]]));
      if (gone.length > 0) await transaction.device.deleteMany({ where: { id: { in: [...gone] } } });
      if (fresh.length > 0) {
        const data = fresh.map(({ webPushKeys, ...device }) => ({
          ...device,
          appId,
          tokenHash: Buffer.from(device.tokenHash, 'hex'),
          ...(webPushKeys ? { webPushKeys: { ...webPushKeys } } : {}),
        }));
        await transaction.device.createMany({ data });
      }
      return given.map((item) => answerOf.get(item) ?? 'erased');
    }, LOCK_TIMEOUT);
  }
}

/** Every device that these registrations may affect. */
async function findKnown(
  transaction: Transaction,
  appId: string,
  items: readonly UserRegistration[],
): Promise<DeviceKeys[]> {
  const sameToken = TRANSPORTS.flatMap((transport) => {
    const tokens = items.map(({ registration }) => registration).filter((own) => own.transport === transport);
    const hashes = [...new Set(tokens.map(({ token }) => tokenHash(token)))].map((hash) =>
      Buffer.from(hash, 'hex'),
    );
    return hashes.length === 0 ? [] : [{ transport, tokenHash: { in: hashes } }];
  });
  const devices = await transaction.device.findMany({
    where: { appId, OR: [{ uid: { in: [...new Set(items.map(({ uid }) => uid))] } }, ...sameToken] },
    select: {
      id: true,
      uid: true,
      transport: true,
      tokenHash: true,
      sessionId: true,
      createdAt: true,
      updatedAt: true,
      retiredAt: true,
      environment: true,
    },
  });
  return devices.map((device) => ({ ...device, tokenHash: Buffer.from(device.tokenHash).toString('hex') }));
}

function whereOf(selection: DeviceSelection): PrismaTypes.DeviceWhereInput {
  switch (selection.by) {
    case 'user':
      return {};
    case 'session':
      return { sessionId: selection.sessionId };
    case 'id':
      if (!UUID.test(selection.deviceId)) throw new GatewayError('DEVICE.NOT_FOUND');
      return { id: selection.deviceId };
    case 'token':
      return {
        OR: TRANSPORTS.map((transport) => ({
          transport,
          tokenHash: Buffer.from(tokenHash(normaliseToken(selection.token, transport)), 'hex'),
        })),
      };
  }
}
