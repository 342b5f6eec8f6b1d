import type { Fault } from '../errors/gateway-error.js';
import { nodesIn, type HostAndPort } from './environment.js';
import type { EnvironmentReading } from './read-environment.js';

/** How the Redis of the queue is found beside `REDIS_URL`, and how the queue is laid out on it. */
export interface RedisSettings {
  /** undefined: no Sentinel. */
  readonly sentinel: SentinelSettings | undefined;
  /** Some nodes of a Cluster; undefined: no Cluster. */
  readonly cluster: readonly HostAndPort[] | undefined;
  readonly shards: number;
  /** Replicas that must have a webhook before it is answered. */
  readonly waitReplicas: number;
}

export interface SentinelSettings {
  readonly nodes: readonly HostAndPort[];
  /** The name under which the Sentinels watch the master. */
  readonly master: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

export function redisSettingsOf({ environment, given }: EnvironmentReading): RedisSettings {
  const { REDIS_SENTINELS, REDIS_CLUSTER } = environment;
  return {
    sentinel: given.has('REDIS_SENTINELS')
      ? {
          nodes: nodesIn(REDIS_SENTINELS ?? ''),
          master: environment.REDIS_SENTINEL_MASTER ?? 'mymaster',
          username: environment.REDIS_SENTINEL_USERNAME,
          password: environment.REDIS_SENTINEL_PASSWORD,
        }
      : undefined,
    cluster: given.has('REDIS_CLUSTER') ? nodesIn(REDIS_CLUSTER ?? '') : undefined,
    shards: environment.QUEUE_SHARDS,
    waitReplicas: environment.REDIS_WAIT_REPLICAS,
  };
}

/** Contradictions among the variables of Redis. */
export function redisContradictions({ environment, given }: EnvironmentReading): Fault[] {
  const faults: Fault[] = [];
  const add = (name: string, problem: string): void => void faults.push({ path: name, problem });
  const hasUrl = given.has('REDIS_URL');
  for (const name of ['REDIS_SENTINELS', 'REDIS_CLUSTER'] as const) {
    if (environment[name] === undefined || hasUrl) continue;
    add(
      'REDIS_URL',
      `is required with ${name}: it has the user, the password and the database, and turns TLS on`,
    );
  }
  for (const name of ['REDIS_SENTINEL_MASTER', 'REDIS_SENTINEL_USERNAME', 'REDIS_SENTINEL_PASSWORD']) {
    if (given.has(name) && !given.has('REDIS_SENTINELS')) add(name, 'needs REDIS_SENTINELS');
  }
  if (given.has('REDIS_SENTINELS') && given.has('REDIS_CLUSTER')) {
    add('REDIS_CLUSTER', 'is set beside REDIS_SENTINELS: choose one');
  }
  const { REDIS_URL } = environment;
  if (given.has('REDIS_CLUSTER') && REDIS_URL !== undefined && databaseOf(REDIS_URL) !== 0) {
    add('REDIS_URL', 'names a database, but a Cluster has only database 0');
  }
  if (environment.QUEUE_SHARDS > 1 && !hasUrl) {
    add('QUEUE_SHARDS', 'needs REDIS_URL: a queue on PostgreSQL has no shards');
  }
  if (environment.REDIS_WAIT_REPLICAS > 0 && !hasUrl) {
    add('REDIS_WAIT_REPLICAS', 'needs REDIS_URL: the replicas are those of Redis');
  }
  return faults;
}

/** The database that a Redis URL names; 0 where it names none. */
export function databaseOf(url: string): number {
  return URL.canParse(url) ? Number(new URL(url).pathname.slice(1) || 0) : 0;
}
