import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { DatabaseModule, Prisma, Sql } from '../../src/platform/database/database.module.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

let postgres: TestPostgres;
let module: TestingModule;
beforeAll(async () => {
  postgres = await startPostgres();
  module = await Test.createTestingModule({ imports: [DatabaseModule.at(postgres.url)] }).compile();
});
afterAll(async () => {
  await module.close();
  await postgres.close();
});

const CHANGED = `SELECT name FROM pg_settings
WHERE category LIKE 'Query Tuning%' AND source IN ('client', 'session')`;

describe('a database session of the gateway', () => {
  it('leaves the planner settings of PostgreSQL unchanged', async () => {
    expect((await module.get<Sql>(Sql).query(CHANGED)).rows).toEqual([]);
    expect(await module.get<Prisma>(Prisma).$queryRawUnsafe(CHANGED)).toEqual([]);
  });
});
