// Works around `waitUntilReady()` of BullMQ 6.7 (`postgres/postgres-connection.js`, `postgres-queue-backend.js`), which
// caches a failure: a queue or worker whose first connection took too long rejects every command until the process
// restarts (ADR 0035).
// Delete when BullMQ discards a failed `readyPromise`, as `getListenClient()` does.

import { createPostgresBackend } from 'bullmq';

/** Caches the result of its first connection. */
interface Connecting {
  waitUntilReady(): Promise<void>;
  readyPromise?: Promise<void> | undefined;
}

/** BullMQ's PostgreSQL backend, which retries a failed first connection. */
export const createPostgresQueueBackend: typeof createPostgresBackend = (name, options, factoryOptions) => {
  const backend = createPostgresBackend(name, options, factoryOptions);
  forgetFailures(backend as unknown as Connecting);
  forgetFailures((backend as unknown as { readonly connection: Connecting }).connection);
  return backend;
};

function forgetFailures(connecting: Connecting): void {
  const wait = connecting.waitUntilReady.bind(connecting);
  connecting.waitUntilReady = async () => {
    try {
      await wait();
    } catch (error) {
      connecting.readyPromise = undefined;
      throw error;
    }
  };
}
