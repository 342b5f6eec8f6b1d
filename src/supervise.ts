import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { Lifecycle, STOP_WITHIN_MS } from './lifecycle.js';
import type { ProcessSettings } from './platform/config/process-settings.js';
import type { Logger } from './platform/logging/logger.js';
import { MergedMetrics } from './platform/metrics/merged-metrics.js';
import { ForkedProcess } from './platform/processes/forked-process.js';
import { Supervisor } from './platform/processes/supervisor.js';
import type { Addresses } from './platform/processes/supervisor-messages.js';
import { cleanUp, openQueueStore, prepareDatabase, type Cleanup } from './stores.js';

const PROGRAM = fileURLToPath(new URL('./supervised.js', import.meta.url));
/** Time after which a process that has not stopped is killed, beyond its own limit. */
const KILL_AFTER_MS = STOP_WITHIN_MS + 1_000;
/** Leaves time to stop the embedded PostgreSQL. */
const SUPERVISOR_STOP_WITHIN_MS = KILL_AFTER_MS + 3_000;

interface Supervised {
  /** Undefined: a stop has begun. */
  readonly addresses: Addresses | undefined;
  close(): Promise<void>;
}

/** Runs this process as the supervisor of several processes behind one port, until it is stopped. */
export function superviseGateway(
  settings: ProcessSettings,
  logger: Logger,
  onListening: (addresses: Addresses) => void,
): void {
  const withinMs = settings.shutdownDelayMs + SUPERVISOR_STOP_WITHIN_MS;
  const lifecycle = new Lifecycle<Supervised>(logger, withinMs);
  void lifecycle.run(
    (stopping) => startSupervised(settings, logger, stopping),
    ({ addresses }) => {
      if (!addresses) return;
      logger.info({ ...addresses, processes: settings.processes }, 'supervisor.listening');
      onListening(addresses);
    },
  );
}

/** Prepares the database and starts the processes. On failure, everything already started is stopped. */
async function startSupervised(
  settings: ProcessSettings,
  logger: Logger,
  stopping: AbortSignal,
): Promise<Supervised> {
  const started: Cleanup[] = [];
  try {
    const databaseUrl = await prepareDatabase(settings, logger, started);
    await migrateQueueStore(settings, databaseUrl);

    const merged = new MergedMetrics();
    cluster.setupPrimary({ exec: PROGRAM, args: [] });
    const fork = (): ForkedProcess => {
      const process = new ForkedProcess(cluster.fork(), {
        assignment: { databaseUrl },
        merge: (from, metrics) => merged.read(from, metrics),
      });
      void process.listening.then((found) => {
        if (found) merged.add(process);
      });
      void process.ended.then(() => merged.remove(process));
      return process;
    };
    const supervisor = new Supervisor(fork, logger);
    started.push(() => supervisor.stop('SIGTERM', settings.shutdownDelayMs + KILL_AFTER_MS));
    if (stopping.aborted) supervisor.requestStop('SIGTERM');
    else stopping.addEventListener('abort', () => supervisor.requestStop('SIGTERM'), { once: true });
    return { addresses: await supervisor.start(settings.processes), close: () => cleanUp(started) };
  } catch (error) {
    // The processes that met the same obstacle have not stopped in order, either.
    await cleanUp(started).catch(() => undefined);
    throw error;
  }
}

async function migrateQueueStore(settings: ProcessSettings, databaseUrl: string): Promise<void> {
  const opened: Cleanup[] = [];
  try {
    await openQueueStore(settings, databaseUrl, opened);
  } finally {
    await cleanUp(opened);
  }
}
