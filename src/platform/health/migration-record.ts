import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../database/database.module.js';
import { migrationState, type MigrationState } from '../database/migrate.js';

/** Which migrations the database has. */
@Injectable()
export class MigrationRecord {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  state(): Promise<MigrationState> {
    return migrationState(this.sql);
  }
}
