import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.js';

/** Prisma on the shared pool: for everything but the ledger's hot path. */
export abstract class Prisma extends PrismaClient {}

/** The pool of connections itself, for set-based SQL (ADR 0004). */
export abstract class Sql extends pg.Pool {}

const POOL_SIZE = 20;

/**
 * Statements find rows by keys, in tables of many partitions (ADR 0031). PostgreSQL would plan them anew each time,
 * which takes longer than to run them; and a plan made while the newest partition was empty would read it whole.
 */
const SESSION = 'SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off';

/** One pool of connections to PostgreSQL, shared by Prisma and by hand-written SQL. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(Prisma) private readonly prisma: Prisma,
    @Inject(Sql) private readonly sql: Sql,
  ) {}

  static at(connectionString: string): DynamicModule {
    const sql = new pg.Pool({
      connectionString,
      max: POOL_SIZE,
      connectionTimeoutMillis: 5_000,
      application_name: 'bellhop',
      onConnect: prepareSession,
    });
    // An idle connection that drops is replaced at the next query; without a listener it would end the process.
    sql.on('error', () => undefined);
    const prisma = new PrismaClient({ adapter: new PrismaPg(sql) });
    const providers = [
      { provide: Prisma, useValue: prisma },
      { provide: Sql, useValue: sql },
    ];
    return { module: DatabaseModule, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prisma.$disconnect();
    await this.sql.end();
  }
}

/** The pool waits for what this returns, though its types do not say so. */
function prepareSession(client: pg.ClientBase): unknown {
  return client.query(SESSION);
}
