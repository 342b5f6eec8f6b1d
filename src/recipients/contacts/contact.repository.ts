import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '../../platform/batching/batcher.js';
import { columns } from '../../platform/database/columns.js';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import type { Contact } from '../../platform/database/generated/client.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { User } from '../user.js';
import { PUT } from './contact.sql.js';

export interface ContactDetails {
  /** E.164 */
  readonly phno: string;
  readonly name: string | null;
}

interface UserContact extends ContactDetails {
  readonly appId: string;
  readonly uid: string;
  readonly receivedAt: Date;
}

/** Users' phone numbers for SMS. */
@Injectable()
export class ContactRepository {
  private readonly writes = new Batcher((contacts: readonly UserContact[]) => this.putAll(contacts));

  constructor(
    @Inject(Prisma) private readonly prisma: Prisma,
    @Inject(Sql) private readonly sql: Sql,
  ) {}

  /**
   * Creates or replaces a user's contact.
   *
   * @param receivedAt when it was requested.
   * @throws GatewayError `USER.ERASED` if the user was erased since.
   */
  async put({ app, uid }: User, { phno, name }: ContactDetails, receivedAt = new Date()): Promise<Contact> {
    const contact = await this.writes.run({ appId: app.appId, uid, phno, name, receivedAt });
    if (!contact) throw new GatewayError('USER.ERASED');
    return contact;
  }

  /** @throws GatewayError `CONTACT.NOT_FOUND` */
  async get(user: User): Promise<Contact> {
    const contact = await this.find(user);
    if (!contact) throw new GatewayError('CONTACT.NOT_FOUND');
    return contact;
  }

  /** A user's contact; undefined if there is none. */
  async find({ app, uid }: User): Promise<Contact | undefined> {
    const contact = await this.prisma.contact.findUnique({ where: { appId_uid: { appId: app.appId, uid } } });
    return contact ?? undefined;
  }

  /** @throws GatewayError `CONTACT.NOT_FOUND` */
  async remove(user: User): Promise<number> {
    const count = await this.erase(user);
    if (count === 0) throw new GatewayError('CONTACT.NOT_FOUND');
    return count;
  }

  /** Removes a user's contact, if there is one. @returns their number. */
  async erase({ app, uid }: User): Promise<number> {
    return (await this.prisma.contact.deleteMany({ where: { appId: app.appId, uid } })).count;
  }

  /** Undefined for a contact of a user who was erased since. */
  private async putAll(contacts: readonly UserContact[]): Promise<(Contact | undefined)[]> {
    // One statement may write a row only once: the last write of each user counts.
    const last = new Map(contacts.map((contact) => [keyOf(contact), contact]));
    const distinct = [...last.values()];
    const rows = await PUT.rows(this.sql, columns(distinct, 'appId', 'uid', 'phno', 'name', 'receivedAt'));
    const written = new Map(rows.map((row) => [keyOf(row), row]));
    return contacts.map((contact) => written.get(keyOf(contact)));
  }
}

/** Neither part contains whitespace. */
const keyOf = ({ appId, uid }: { readonly appId: string; readonly uid: string }): string => `${appId} ${uid}`;
