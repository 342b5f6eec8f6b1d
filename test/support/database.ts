import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../src/platform/database/generated/client.js';
import { startPostgres } from './postgres.js';

export interface TestDatabase {
  readonly url: string;
  readonly sql: pg.Pool;
  readonly prisma: PrismaClient;
  close(): Promise<void>;
}

/** The gateway's Prisma client on these connections. */
export const prismaOn = (sql: pg.Pool): PrismaClient => new PrismaClient({ adapter: new PrismaPg(sql) });

/** An empty, migrated database with the gateway's connections. */
export async function startDatabase(): Promise<TestDatabase> {
  const postgres = await startPostgres();
  const sql = new pg.Pool({ connectionString: postgres.url, max: 20 });
  // The server may close before the pool's last idle connection does.
  sql.on('error', () => undefined);
  const prisma = prismaOn(sql);
  return {
    url: postgres.url,
    sql,
    prisma,
    close: async () => {
      await prisma.$disconnect();
      await sql.end();
      await postgres.close();
    },
  };
}
