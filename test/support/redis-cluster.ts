import { freePorts, redisCli, startRedis, type RedisServer } from './redis-server.js';
import { until } from './until.js';

/** Offset of a node's cluster bus port. */
const HIGHEST_PORT = 55_536;

/** A Redis Cluster of three masters. */
export interface RedisCluster {
  /** Environment of the gateway. */
  readonly env: Readonly<Record<string, string>>;
  readonly masters: readonly RedisServer[];
  close(): Promise<void>;
}

export async function startRedisCluster(): Promise<RedisCluster> {
  const ports = await freePorts(3, HIGHEST_PORT);
  const masters = await Promise.all(ports.map((port) => startRedis(port, ['--cluster-enabled', 'yes'])));
  const [first = 0] = ports;
  const addresses = ports.map((port) => `127.0.0.1:${port}`);
  await redisCli(first, '--cluster', 'create', ...addresses, '--cluster-yes');
  const infos = (): Promise<string[]> => Promise.all(ports.map((port) => redisCli(port, 'cluster', 'info')));
  await until(async () => (await infos()).every((info) => info.includes('cluster_state:ok')), infos);
  return {
    // The first host does not exist; one of the nodes leads to the others.
    env: { REDIS_URL: 'redis://redis.invalid', REDIS_CLUSTER: addresses[0] ?? '' },
    masters,
    close: async () => {
      await Promise.all(masters.map((server) => server.close()));
    },
  };
}
