import { Inject, Injectable } from '@nestjs/common';
import { Prisma } from '../database/database.module.js';
import type { OperatorActionWhereInput } from '../database/generated/models.js';
import { firstIdAt, momentOf, newId } from '../ids/new-id.js';
import type { AuditEntry } from './audit-entry.js';

export interface AuditRecord extends AuditEntry {
  readonly id: string;
  readonly at: Date;
}

export interface AuditFilter {
  readonly appId?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Id of the last record of the previous page. */
  readonly before?: string | undefined;
}

/** Actions of operators and backends, stored by time. */
@Injectable()
export class AuditRepository {
  constructor(@Inject(Prisma) private readonly prisma: Prisma) {}

  async record(entry: AuditEntry): Promise<void> {
    const id = newId();
    const detail = JSON.parse(JSON.stringify(entry.detail)) as object;
    await this.prisma.operatorAction.create({ data: { ...entry, detail, id, at: momentOf(id) } });
  }

  /** Newest first. */
  async list(filter: AuditFilter, limit: number): Promise<AuditRecord[]> {
    const rows = await this.prisma.operatorAction.findMany({
      where: conditionsOf(filter),
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows as unknown as AuditRecord[];
  }

  /** Deletes older records. */
  async prune(before: Date): Promise<number> {
    return (await this.prisma.operatorAction.deleteMany({ where: { id: { lt: firstIdAt(before) } } })).count;
  }

  /** Removes a user's name from the records of an app; the records themselves remain. */
  async forgetUser(appId: string, uid: string): Promise<number> {
    const { count } = await this.prisma.operatorAction.updateMany({
      where: { appId, uid },
      data: { uid: null },
    });
    return count;
  }
}

function conditionsOf({ appId, actor, action, from, to, before }: AuditFilter): OperatorActionWhereInput {
  const [below] = [before, to && firstIdAt(to)].filter((id) => id !== undefined).sort();
  return {
    ...(appId === undefined ? {} : { appId }),
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    id: { ...(below === undefined ? {} : { lt: below }), ...(from && { gte: firstIdAt(from) }) },
  };
}
