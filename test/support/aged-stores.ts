import { Redis } from 'ioredis';
import pg from 'pg';

/** The stores of queue and ledger; without `redisUrl` both are on PostgreSQL. */
export interface Stores {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
}

/** Lets the job locks of a dead worker expire, so that other workers fetch its jobs. */
export async function ageLocks({ databaseUrl, redisUrl }: Stores): Promise<void> {
  if (redisUrl === undefined) {
    await query(
      databaseUrl,
      `UPDATE bullmq.job SET locked_until_ms = 0, stalled_marked = true WHERE state = 'active'`,
      `DELETE FROM bullmq.meta WHERE field = 'stalled-check'`,
    );
    return;
  }
  const redis = new Redis(redisUrl);
  const ended = [...(await redis.keys('*:lock')), ...(await redis.keys('*:stalled-check'))];
  if (ended.length > 0) await redis.del(ended);
  for (const active of await redis.keys('*:active')) {
    const jobs = await redis.lrange(active, 0, -1);
    if (jobs.length > 0) await redis.sadd(active.replace(/active$/, 'stalled'), ...jobs);
  }
  await redis.quit();
}

/** Lets the claims of a dead worker expire, so that other workers take over its deliveries. */
export async function ageClaims({ databaseUrl }: Stores): Promise<void> {
  await query(databaseUrl, 'UPDATE delivery SET claimed_until = now() WHERE claimed_until IS NOT NULL');
}

async function query(databaseUrl: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
