import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../database/database.module.js';

/** Checks that PostgreSQL responds. */
@Injectable()
export class DatabaseProbe {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /** @throws Error of the driver if it does not respond. */
  async ping(): Promise<void> {
    await this.sql.query('SELECT 1');
  }
}
