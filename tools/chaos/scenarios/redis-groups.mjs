import { anyMoment, pause } from '../pause.mjs';
import { ClusterRedis, SentinelRedis } from '../redis-groups.mjs';
import { check } from '../scenario.mjs';
import { withScene } from '../scene.mjs';

/**
 * The master is killed repeatedly, and a replica is promoted. A webhook is acknowledged once a replica has it.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
const sentinelFailover = {
  name: 'sentinel-failover',
  on: ['redis'],
  title: '`kill -9` of the Redis master under Sentinel, `REDIS_WAIT_REPLICAS=1`',
  play: async ({ kills, perSecond }, deployment) => {
    /** @type {SentinelRedis | undefined} */
    let redis;
    const prepare = async (/** @type {string} */ directory) => {
      redis = await SentinelRedis.create(directory);
      return { queue: redis, env: { REDIS_WAIT_REPLICAS: '1' } };
    };
    return withScene(deployment, { prepare }, async (scene) => {
      scene.post(perSecond);
      for (let times = 0; times < kills; times++) {
        await anyMoment(3_000, 6_000);
        await redis?.failOver();
      }
      await pause(3_000);
      return { settled: await scene.settle(), doublesAtMost: 0, checks: [check(`${kills} failovers`, true)] };
    });
  },
};

/**
 * A node of a Cluster is killed with its part of the queue, and restarted later.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
const clusterNodeKilled = {
  name: 'cluster-node-killed',
  on: ['redis'],
  title: '`kill -9` of a node of a Redis Cluster, back after a while',
  play: async ({ kills, outageMs, perSecond }, deployment) => {
    /** @type {ClusterRedis | undefined} */
    let redis;
    const prepare = async (/** @type {string} */ directory) => {
      redis = await ClusterRedis.create(directory);
      return { queue: redis, env: { QUEUE_SHARDS: String(redis.nodes.length) } };
    };
    return withScene(deployment, { prepare }, async (scene) => {
      const nodes = redis?.nodes ?? [];
      scene.post(perSecond);
      for (let times = 0; times < kills; times++) {
        await anyMoment(3_000, 6_000);
        const node = nodes[times % nodes.length];
        await node?.kill();
        await pause(outageMs / kills);
        await node?.start();
      }
      await pause(3_000);
      return { settled: await scene.settle(), doublesAtMost: 0, checks: [] };
    });
  },
};

export const redisGroups = [sentinelFailover, clusterNodeKilled];
