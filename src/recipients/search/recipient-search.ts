import { Inject, Injectable } from '@nestjs/common';
import { TRANSPORTS } from '../../domain/notification.js';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import type { StoredDevice } from '../devices/device.repository.js';
import { normaliseToken, tokenHash } from '../devices/token-hash.js';
import { USERS_BY_PREFIX } from './recipient-search.sql.js';

/** A user of an app. */
interface FoundUser {
  readonly appId: string;
  readonly uid: string;
}

/** A number in E.164 and the app in which it is looked for. */
export interface AppNumber {
  readonly appId: string;
  readonly phno: string;
}

/** Maximum users that a search finds. */
export const MAX_USERS = 50;

/** Finds users and devices, retired ones included, by what is known of them. Every query is answered by an index. */
@Injectable()
export class RecipientSearch {
  constructor(
    @Inject(Prisma) private readonly prisma: Prisma,
    @Inject(Sql) private readonly sql: Sql,
  ) {}

  async devicesByToken(appIds: readonly string[], token: string): Promise<StoredDevice[]> {
    const anyTransport = TRANSPORTS.map((transport) => ({
      transport,
      tokenHash: Buffer.from(tokenHash(normaliseToken(token, transport)), 'hex'),
    }));
    const devices = await this.prisma.device.findMany({
      where: { appId: { in: [...appIds] }, OR: anyTransport },
    });
    return devices as StoredDevice[];
  }

  /** @param id a UUID. */
  async devicesById(appIds: readonly string[], id: string): Promise<StoredDevice[]> {
    const devices = await this.prisma.device.findMany({ where: { id, appId: { in: [...appIds] } } });
    return devices as StoredDevice[];
  }

  /** The users whose contact has one of these numbers, at most `MAX_USERS`. */
  async usersByNumber(numbers: readonly AppNumber[]): Promise<FoundUser[]> {
    if (numbers.length === 0) return [];
    return this.prisma.contact.findMany({
      where: { OR: numbers.map(({ appId, phno }) => ({ appId, phno })) },
      select: { appId: true, uid: true },
      orderBy: [{ appId: 'asc' }, { uid: 'asc' }],
      take: MAX_USERS,
    });
  }

  /** The users with a device or contact whose uid begins like this, in order of uid, at most `MAX_USERS`. */
  usersByPrefix(appIds: readonly string[], prefix: string): Promise<FoundUser[]> {
    const pattern = `${prefix.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    return USERS_BY_PREFIX.rows(this.sql, { appIds, pattern, limit: MAX_USERS });
  }
}
