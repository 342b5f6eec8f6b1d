import { Inject, Injectable } from '@nestjs/common';
import { SandboxMailbox, type SandboxMessage } from '../../domain/sandbox-mailbox.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { columns } from '../../platform/database/columns.js';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import { newId } from '../../platform/ids/new-id.js';
import { INSERT, TRIM } from './sandbox-message.sql.js';

/** Maximum number of messages; older ones are deleted. */
export const SANDBOX_CAPACITY = 10_000;
/** Messages between two trims. Trimming after every message would double its cost. */
const TRIM_EVERY = 500;

export interface StoredSandboxMessage extends SandboxMessage {
  readonly id: string;
  readonly at: Date;
}

type MailboxOwner = Pick<SandboxMessage, 'appId' | 'uid'>;

/** The sandbox providers' mailbox in PostgreSQL, shared by all processes and kept across restarts. */
@Injectable()
export class SandboxMailboxRepository implements SandboxMailbox {
  private readonly inserts = new Batcher((messages: readonly SandboxMessage[]) => this.insert(messages));
  private sinceTrim = 0;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

  async put(message: SandboxMessage): Promise<void> {
    await this.inserts.run(message);
  }

  /** Newest first. */
  async list(limit: number): Promise<StoredSandboxMessage[]> {
    const rows = await this.prisma.sandboxMessage.findMany({
      orderBy: { seq: 'desc' },
      take: Math.min(limit, SANDBOX_CAPACITY),
      omit: { seq: true },
    });
    return rows.map((row) => {
      const message = JSON.parse(row.message) as unknown;
      return { ...(row as Row), message };
    });
  }

  /** The messages to a user. Reads the whole mailbox, which is limited. */
  async listOf({ appId, uid }: MailboxOwner): Promise<StoredSandboxMessage[]> {
    const rows = await this.prisma.sandboxMessage.findMany({ where: { appId, uid }, omit: { seq: true } });
    return rows.map((row) => ({ ...(row as Row), message: JSON.parse(row.message) as unknown }));
  }

  /** When the newest message of each of these addresses came. Reads the whole mailbox, which is limited. */
  async lastTimes(appId: string, addresses: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    if (addresses.length === 0) return new Map();
    const rows = await this.prisma.sandboxMessage.groupBy({
      by: ['to'],
      where: { appId, to: { in: [...addresses] } },
      _max: { at: true },
    });
    return new Map(rows.flatMap(({ to, _max: { at } }) => (at ? [[to, at] as const] : [])));
  }

  /** Deletes the messages to a user or to these numbers (E.164). @returns their number. */
  async erase({ appId, uid }: MailboxOwner, numbers: readonly string[]): Promise<number> {
    const where = { appId, OR: [{ uid }, { to: { in: [...numbers] } }] };
    return (await this.prisma.sandboxMessage.deleteMany({ where })).count;
  }

  async clear(): Promise<number> {
    return (await this.prisma.sandboxMessage.deleteMany()).count;
  }

  private async insert(messages: readonly SandboxMessage[]): Promise<undefined[]> {
    await INSERT.run(this.sql, {
      id: messages.map(() => newId()),
      ...columns(messages, 'appId', 'uid', 'channel', 'kind', 'provider', 'to', 'outcome'),
      // Text, because jsonb rejects U+0000, a valid character in chat messages.
      message: messages.map(({ message }) => JSON.stringify(message)),
    });
    this.sinceTrim += messages.length;
    if (this.sinceTrim >= TRIM_EVERY) {
      this.sinceTrim = 0;
      await TRIM.run(this.sql, { kept: SANDBOX_CAPACITY });
    }
    return messages.map(() => undefined);
  }
}

interface Row extends Omit<StoredSandboxMessage, 'message'> {
  readonly message: string;
}
