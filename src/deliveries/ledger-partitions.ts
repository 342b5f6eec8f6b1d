import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/database.module.js';
import { listPartitions, type LedgerPartition } from './sql/partitions.sql.js';

/** The partitions of the ledger's tables, for the operator. */
@Injectable()
export class LedgerPartitions {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  all(): Promise<LedgerPartition[]> {
    return listPartitions(this.sql);
  }
}
