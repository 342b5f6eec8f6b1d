import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '../../platform/batching/batcher.js';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import type { Contact } from '../../platform/database/generated/client.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { Person } from '../person.js';

/** What is kept of a contact. */
export interface ContactDetails {
  /** E.164 */
  readonly phno: string;
  readonly name: string | null;
}

interface PersonalContact extends ContactDetails {
  readonly appId: string;
  readonly uid: string;
}

// In the order of their keys, so that two batches never wait for each other in a circle.
const UPSERT = `
INSERT INTO contact (app_id, uid, phno, name)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS c(app_id, uid, phno, name) ORDER BY 1, 2
ON CONFLICT (app_id, uid) DO UPDATE SET phno = excluded.phno, name = excluded.name, updated_at = now()
RETURNING app_id AS "appId", uid, phno, name, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** The phone numbers under which persons take texts. */
@Injectable()
export class ContactBook {
  private readonly writes = new Batcher((contacts: readonly PersonalContact[]) => this.putAll(contacts));

  constructor(
    @Inject(Prisma) private readonly prisma: Prisma,
    @Inject(Sql) private readonly sql: Sql,
  ) {}

  /** Writes a person's contact in place of any that there is. */
  put({ app, uid }: Person, { phno, name }: ContactDetails): Promise<Contact> {
    return this.writes.run({ appId: app.appId, uid, phno, name });
  }

  /** @throws GatewayError `CONTACT.NOT_FOUND` */
  async get({ app, uid }: Person): Promise<Contact> {
    const contact = await this.prisma.contact.findUnique({ where: { appId_uid: { appId: app.appId, uid } } });
    if (!contact) throw new GatewayError('CONTACT.NOT_FOUND');
    return contact;
  }

  /** @throws GatewayError `CONTACT.NOT_FOUND` */
  async remove({ app, uid }: Person): Promise<number> {
    const { count } = await this.prisma.contact.deleteMany({ where: { appId: app.appId, uid } });
    if (count === 0) throw new GatewayError('CONTACT.NOT_FOUND');
    return count;
  }

  private async putAll(contacts: readonly PersonalContact[]): Promise<Contact[]> {
    // One statement may write a row only once: of several for one person the last counts, as it would one by one.
    const last = new Map(contacts.map((contact) => [keyOf(contact), contact]));
    const values = [...last.values()];
    const { rows } = await this.sql.query<Contact>({
      name: 'contacts.put',
      text: UPSERT,
      values: [
        values.map(({ appId }) => appId),
        values.map(({ uid }) => uid),
        values.map(({ phno }) => phno),
        values.map(({ name }) => name),
      ],
    });
    const written = new Map(rows.map((row) => [keyOf(row), row]));
    return contacts.flatMap((contact) => written.get(keyOf(contact)) ?? []);
  }
}

/** Neither part has white space. */
const keyOf = ({ appId, uid }: { readonly appId: string; readonly uid: string }): string => `${appId} ${uid}`;
