import { Inject, Injectable } from '@nestjs/common';
import { SandboxMailbox, type SandboxMessage } from '../../domain/sandbox-mailbox.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { Sql } from '../../platform/database/database.module.js';
import { newId } from '../../platform/ids/new-id.js';

/** What is kept; older messages go. */
export const SANDBOX_CAPACITY = 10_000;
/** Trimming now and then costs next to nothing; trimming at every message would cost as much as the message. */
const TRIM_EVERY = 500;

export interface StoredSandboxMessage extends SandboxMessage {
  readonly id: string;
  readonly at: Date;
}

const INSERT = `
INSERT INTO sandbox_message (id, app_id, uid, channel, kind, provider, "to", outcome, message)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::text[])`;

/** The mailbox of the sandbox providers, in PostgreSQL: every process writes to the same one, and it survives all. */
@Injectable()
export class SandboxMailboxStore implements SandboxMailbox {
  private readonly inserts = new Batcher((messages: readonly SandboxMessage[]) => this.insert(messages));
  private sinceTrim = 0;

  constructor(@Inject(Sql) private readonly sql: Sql) {}

  async put(message: SandboxMessage): Promise<void> {
    await this.inserts.run(message);
  }

  /** Newest first. */
  async list(limit: number): Promise<StoredSandboxMessage[]> {
    const { rows } = await this.sql.query<Row>(
      `SELECT id, at, app_id AS "appId", uid, channel, kind, provider, "to", outcome, message
       FROM sandbox_message ORDER BY seq DESC LIMIT $1`,
      [Math.min(limit, SANDBOX_CAPACITY)],
    );
    return rows.map((row) => Object.assign(row, { message: JSON.parse(row.message) as unknown }));
  }

  async clear(): Promise<number> {
    const { rowCount } = await this.sql.query('DELETE FROM sandbox_message');
    return rowCount ?? 0;
  }

  private async insert(messages: readonly SandboxMessage[]): Promise<undefined[]> {
    await this.sql.query({
      name: 'sandbox.put',
      text: INSERT,
      values: [
        messages.map(() => newId()),
        messages.map(({ appId }) => appId),
        messages.map(({ uid }) => uid),
        messages.map(({ channel }) => channel),
        messages.map(({ kind }) => kind),
        messages.map(({ provider }) => provider),
        messages.map(({ to }) => to),
        messages.map(({ outcome }) => outcome),
        // Text, because jsonb refuses U+0000, which a chat message may hold.
        messages.map(({ message }) => JSON.stringify(message)),
      ],
    });
    this.sinceTrim += messages.length;
    if (this.sinceTrim >= TRIM_EVERY) {
      this.sinceTrim = 0;
      await this.sql.query(
        `DELETE FROM sandbox_message WHERE seq <= (SELECT max(seq) - $1 FROM sandbox_message)`,
        [SANDBOX_CAPACITY],
      );
    }
    return messages.map(() => undefined);
  }
}

interface Row extends Omit<StoredSandboxMessage, 'message'> {
  readonly message: string;
}
