// Sets options whose defaults in ioredis 6.0 lose a worker's connection: failovers that close no socket (ioredis issue
// 1314, `failoverDetector` from pull request 1328), a ready check of `Cluster` that never settles while a node is down,
// and commands that wait forever on a dead socket.
// Delete when `test/faults/redis-sentinel.spec.ts` and `test/faults/redis-cluster.spec.ts` pass with ioredis' defaults;
// then `queue-store.ts` can connect directly.

import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { databaseOf, type RedisSettings } from '../../platform/config/redis-settings.js';
import { coalescingConnector } from './write-coalescing.js';

export type RedisClient = Redis | Cluster;

const MAX_RECONNECT_DELAY_MS = 2_000;
/** Timeout in ms for a Sentinel or Cluster node to name the masters; a starting process sends many such queries. */
const DISCOVERY_TIMEOUT_MS = 3_000;
/** Socket timeout in ms; longer than a worker's blocking wait for a job (5 s, at most 10 s). */
const SOCKET_TIMEOUT_MS = 15_000;
/** Maximum retries of a Cluster command, 0.1 s apart; longer than any failover. */
const CLUSTER_TRIES = 600;

/** Errors of a former master that became a replica. */
const NO_LONGER_MASTER = /^(READONLY|UNBLOCKED)\b/;

const retryStrategy = (times: number): number => Math.min(times * 100, MAX_RECONNECT_DELAY_MS);

/**
 * Connects to the queue's Redis: standalone, by Sentinel or a Cluster. Reconnects automatically.
 *
 * Commands wait until Redis is available again, as workers need; `JobQueue` limits the wait of its callers.
 */
export function connectRedis(url: string, { sentinel, cluster }: RedisSettings): RedisClient {
  const node = nodeOptions(url);
  if (cluster) {
    return new Cluster([...cluster], {
      redisOptions: node,
      // With it, `connect()` never settles while a node is down and the Cluster reports `fail`, and a worker that waits
      // for it stops fetching. Commands are retried in any case.
      enableReadyCheck: false,
      clusterRetryStrategy: retryStrategy,
      slotsRefreshTimeout: DISCOVERY_TIMEOUT_MS,
      maxRedirections: CLUSTER_TRIES,
      retryDelayOnMoved: 100,
    });
  }
  if (!sentinel) return new Redis(url, { ...node, retryStrategy });
  return new Redis({
    ...node,
    db: databaseOf(url),
    retryStrategy,
    sentinels: [...sentinel.nodes],
    Connector: coalescingConnector({ sentinels: [...sentinel.nodes] }),
    name: sentinel.master,
    ...(sentinel.username === undefined ? {} : { sentinelUsername: sentinel.username }),
    ...(sentinel.password === undefined ? {} : { sentinelPassword: sentinel.password }),
    ...('tls' in node ? { sentinelTLS: node.tls, enableTLSForSentinelMode: true } : {}),
    sentinelRetryStrategy: retryStrategy,
    sentinelCommandTimeout: DISCOVERY_TIMEOUT_MS,
    // A vanished master closes no connection; the Sentinels announce its successor.
    failoverDetector: true,
  });
}

/** Options of every connection to a data node, however it was discovered. */
function nodeOptions(url: string) {
  const { protocol, username, password } = new URL(url);
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
    // Required by BullMQ. A command in progress when the connection breaks is repeated on the next one.
    maxRetriesPerRequest: null,
    Connector: coalescingConnector(),
    socketTimeout: SOCKET_TIMEOUT_MS,
    reconnectOnError: (error: Error) => (NO_LONGER_MASTER.test(error.message) ? 2 : false),
  } satisfies RedisOptions;
}
