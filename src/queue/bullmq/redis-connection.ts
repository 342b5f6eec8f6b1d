import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { databaseOf, type RedisSettings } from '../../platform/config/redis-settings.js';
import { coalescingConnector } from './write-coalescing.js';

export type RedisClient = Redis | Cluster;

const RECONNECT_AT_MOST_MS = 2_000;
/** How long a Sentinel, or a node of a Cluster, may take to say where things are: a process that starts asks a lot. */
const ASK_WITHIN_MS = 3_000;
/** Longer than a worker's connection waits for a job (5 s, at most 10 s), or it would be cut for being idle. */
const SILENT_AT_MOST_MS = 15_000;
/** How often a Cluster is asked again, 0.1 s apart, whose node does not answer: longer than any failover takes. */
const CLUSTER_TRIES = 600;

/** After a failover, the former master is a replica; a script that was waiting there is told so. */
const NO_MASTER_ANY_MORE = /^(READONLY|UNBLOCKED)\b/;

const retryStrategy = (times: number): number => Math.min(times * 100, RECONNECT_AT_MOST_MS);

/**
 * Connects to the queue's Redis, by itself, by Sentinel or to a Cluster; a connection that is lost comes back by itself.
 *
 * Its commands wait for Redis as long as it takes: that is right for a worker. `JobQueue` does not wait for them.
 */
export function connectRedis(url: string, { sentinel, cluster }: RedisSettings): RedisClient {
  const node = nodeOptions(url);
  if (cluster) {
    return new Cluster([...cluster], {
      redisOptions: node,
      // Its `connect()` would never settle while a node is down and the Cluster says of itself that it fails: a worker
      // that waits for it fetches nothing any more. Commands are asked again by themselves until it works.
      enableReadyCheck: false,
      clusterRetryStrategy: retryStrategy,
      slotsRefreshTimeout: ASK_WITHIN_MS,
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
    sentinelCommandTimeout: ASK_WITHIN_MS,
    // A master that vanished ends no connection; the Sentinels tell when another one takes its place.
    failoverDetector: true,
  });
}

/** What holds for the connection to every node that holds data, whichever way it was found: all are made with it. */
function nodeOptions(url: string) {
  const { protocol, username, password } = new URL(url);
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
    // BullMQ asks for it. A command that was under way when the connection broke is sent again on the next one.
    maxRetriesPerRequest: null,
    Connector: coalescingConnector(),
    socketTimeout: SILENT_AT_MOST_MS,
    reconnectOnError: (error: Error) => (NO_MASTER_ANY_MORE.test(error.message) ? 2 : false),
  } satisfies RedisOptions;
}
