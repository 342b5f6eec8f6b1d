import type { Fault } from '../errors/gateway-error.js';

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** How the queue's Redis is found beside `REDIS_URL`, and how the queue lies on it. */
export interface RedisSettings {
  /** `REDIS_SENTINELS` and what belongs to it; undefined: no Sentinel is asked who the master is. */
  readonly sentinel: SentinelSettings | undefined;
  /** `REDIS_CLUSTER`: some of its nodes, which know the others; undefined: no Cluster. */
  readonly cluster: readonly HostAndPort[] | undefined;
  /** `QUEUE_SHARDS`: queues over which each lane is spread. */
  readonly shards: number;
  /** `REDIS_WAIT_REPLICAS`: replicas that must have a webhook before it is answered. */
  readonly waitReplicas: number;
}

export interface SentinelSettings {
  readonly nodes: readonly HostAndPort[];
  /** The name under which the Sentinels watch the master. */
  readonly master: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

export const MAX_SHARDS = 64;
const MAX_REPLICAS = 10;

/**
 * Reads what is said of Redis beside `REDIS_URL`, and adds every fault to `faults`.
 *
 * @param text gives a variable's value; undefined where it is unset
 */
export function readRedisSettings(
  text: (name: string) => string | undefined,
  faults: Fault[],
): RedisSettings {
  const url = text('REDIS_URL');
  const nodes = (name: string): HostAndPort[] | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const read = value.split(',').map((item) => hostAndPort(item.trim()));
    const valid = read.filter((item) => item !== undefined);
    if (valid.length < read.length) {
      faults.push({ path: name, problem: 'must be host:port, or several of them with commas between' });
    } else if (url === undefined) {
      const problem = `is required with ${name}: it says the user, the password, the database, and whether TLS is used`;
      faults.push({ path: 'REDIS_URL', problem });
    }
    return valid;
  };
  const count = (name: string, least: number, most: number, without: string): number => {
    const value = Number(text(name) ?? least);
    if (!Number.isInteger(value) || value < least || value > most) {
      faults.push({ path: name, problem: `must be a whole number from ${least} to ${most}` });
      return least;
    }
    if (value > least && url === undefined)
      faults.push({ path: name, problem: `needs REDIS_URL: ${without}` });
    return value;
  };

  const sentinels = nodes('REDIS_SENTINELS');
  const ofSentinel = {
    master: text('REDIS_SENTINEL_MASTER'),
    username: text('REDIS_SENTINEL_USERNAME'),
    password: text('REDIS_SENTINEL_PASSWORD'),
  };
  for (const [key, value] of Object.entries(ofSentinel)) {
    if (value === undefined || sentinels) continue;
    faults.push({ path: `REDIS_SENTINEL_${key.toUpperCase()}`, problem: 'needs REDIS_SENTINELS' });
  }
  const cluster = nodes('REDIS_CLUSTER');
  if (sentinels && cluster) {
    faults.push({ path: 'REDIS_CLUSTER', problem: 'is set beside REDIS_SENTINELS: choose one' });
  }
  if (cluster && url !== undefined && databaseOf(url) !== 0) {
    faults.push({ path: 'REDIS_URL', problem: 'names a database, but a Cluster has none but 0' });
  }
  return {
    sentinel: sentinels && { nodes: sentinels, ...ofSentinel, master: ofSentinel.master ?? 'mymaster' },
    cluster,
    shards: count('QUEUE_SHARDS', 1, MAX_SHARDS, 'the queue on PostgreSQL is not spread'),
    waitReplicas: count('REDIS_WAIT_REPLICAS', 0, MAX_REPLICAS, 'the replicas are those of Redis'),
  };
}

/** The database that a Redis URL names; 0 where it names none. */
export function databaseOf(url: string): number {
  return URL.canParse(url) ? Number(new URL(url).pathname.slice(1) || 0) : 0;
}

/** An IPv6 address stands in brackets, as in a URL. */
function hostAndPort(text: string): HostAndPort | undefined {
  const [, host, digits] = /^(\[[\da-fA-F:.]+\]|[^\s:@/[\]]+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port };
}
