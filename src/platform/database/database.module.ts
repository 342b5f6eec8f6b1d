import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.js';

/** Prisma on the shared pool: for everything but the ledger's hot path. */
export abstract class Prisma extends PrismaClient {}

/** The pool of connections itself, for set-based SQL (ADR 0004). */
export abstract class Sql extends pg.Pool {}

const POOL_SIZE = 20;

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
    });
    // A dropped idle connection is replaced at the next query; without a listener its error would end the process.
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
