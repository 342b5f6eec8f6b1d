import { createPostgresBackend } from 'bullmq';

/** What waits for its store once and keeps the result. */
interface Readying {
  waitUntilReady(): Promise<void>;
  readyPromise?: Promise<void> | undefined;
}

/**
 * BullMQ's PostgreSQL backend, except that a failed start is tried again.
 *
 * BullMQ 6.7 keeps the result of `waitUntilReady()` even where it failed: a queue or worker whose first connection
 * took too long rejects every command until the process restarts. Can be deleted when BullMQ forgets a failure, as it
 * does in `getListenClient()`.
 */
export const createPostgresQueueBackend: typeof createPostgresBackend = (name, options, factoryOptions) => {
  const backend = createPostgresBackend(name, options, factoryOptions);
  forgetFailures(backend as unknown as Readying);
  forgetFailures((backend as unknown as { readonly connection: Readying }).connection);
  return backend;
};

function forgetFailures(readying: Readying): void {
  const wait = readying.waitUntilReady.bind(readying);
  readying.waitUntilReady = async () => {
    try {
      await wait();
    } catch (error) {
      readying.readyPromise = undefined;
      throw error;
    }
  };
}
