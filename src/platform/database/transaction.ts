import type pg from 'pg';

/** Limits how long a vanished process can hold its locks. */
const BEGIN = `BEGIN; SET LOCAL idle_in_transaction_session_timeout = '15s'`;

/** Runs `work` in a transaction, rolled back if a statement fails or `work` throws. */
export async function inTransaction<T>(
  sql: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await sql.connect();
  // A dropped connection fails the next statement; without a listener its error would end the process.
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
