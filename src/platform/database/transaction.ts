import type pg from 'pg';

/** A process that vanishes in the middle must not keep its locks until TCP notices. */
const BEGIN = `BEGIN; SET LOCAL idle_in_transaction_session_timeout = '15s'`;

/** Runs statements as one: all of them count, or none where one fails or `work` throws. */
export async function inTransaction<T>(
  sql: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await sql.connect();
  // A connection that drops between two statements fails the next one; without a listener it would end the process.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  let isBroken = false;
  try {
    await client.query(BEGIN);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => (isBroken = true));
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(isBroken);
  }
}
