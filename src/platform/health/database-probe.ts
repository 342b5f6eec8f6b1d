import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../database/database.module.js';

/** Asks PostgreSQL whether it is there. */
@Injectable()
export class DatabaseProbe {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /** @throws Error of the driver where it does not answer. */
  async ping(): Promise<void> {
    await this.sql.query('SELECT 1');
  }
}
