import { Cluster } from 'ioredis';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { untilReady } from '../../scripts/temporary-redis.mjs';
import { queuesOn, pendingIn } from '../stage/queues.mjs';
import { pause } from './pause.mjs';
import { freePort } from './ports.mjs';
import { RedisServer } from './redis-server.mjs';

/** @typedef {import('./redis-server.mjs').QueueStore} QueueStore */

const MASTER = 'mymaster';
const DOWN_AFTER_MS = 1_000;
const READY_WITHIN_MS = 60_000;
/** The host is a placeholder: the Sentinels or the nodes announce the addresses. */
const REDIS_URL = 'redis://redis.invalid';
const MEMBERS = 3;

/** A master and two replicas, monitored by three Sentinels. @implements {QueueStore} */
export class SentinelRedis {
  /** @type {import('node:child_process').ChildProcess[]} */
  #sentinels = [];

  /** @param {string} directory @param {RedisServer[]} servers @param {number[]} ports of the Sentinels */
  constructor(directory, servers, ports) {
    this.directory = directory;
    this.servers = servers;
    this.ports = ports;
    this.env = { REDIS_URL, REDIS_SENTINELS: ports.map((port) => `127.0.0.1:${port}`).join(',') };
  }

  /** @param {string} directory */
  static async create(directory) {
    const master = await RedisServer.create(path.join(directory, 'redis-0'));
    const servers = [master];
    while (servers.length < MEMBERS) {
      const own = path.join(directory, `redis-${servers.length}`);
      const settings = { replicaof: `127.0.0.1 ${master.port}`, 'repl-diskless-sync-delay': 0 };
      servers.push(await RedisServer.create(own, settings));
    }
    const ports = [await freePort(), await freePort(), await freePort()];
    return new SentinelRedis(directory, servers, ports);
  }

  async start() {
    const [first] = this.servers;
    for (const server of this.servers) await server.start();
    for (const port of this.ports) {
      const home = path.join(this.directory, `sentinel-${port}`);
      await mkdir(home);
      const rules = [
        `monitor ${MASTER} 127.0.0.1 ${first?.port} 2`,
        `down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
        `failover-timeout ${MASTER} 3000`,
      ];
      const file = path.join(home, 'sentinel.conf');
      await writeFile(file, rules.map((rule) => `sentinel ${rule}\n`).join(''));
      const flags = [file, '--sentinel', '--port', String(port), '--bind', '127.0.0.1', '--dir', home];
      const sentinel = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
      this.#sentinels.push(sentinel);
      await untilReady(sentinel);
    }
    await until('every Sentinel knows the replicas and the other two', async () => {
      const known = await Promise.all(this.ports.map((port) => redisCli(port, 'info', 'sentinel')));
      return known.every((info) => info.includes('slaves=2,sentinels=3'));
    });
  }

  async kill() {
    for (const sentinel of this.#sentinels) {
      if (sentinel.exitCode !== null || sentinel.signalCode !== null) continue;
      const ended = once(sentinel, 'exit');
      sentinel.kill('SIGKILL');
      await ended;
    }
    await Promise.all(this.servers.map((server) => server.kill()));
  }

  /** @returns {Promise<RedisServer | undefined>} the master according to the Sentinels */
  async master() {
    const answer = await redisCli(this.ports[0] ?? 0, 'sentinel', 'get-master-addr-by-name', MASTER);
    return this.servers.find(({ port }) => port === Number(answer.split('\n')[1]));
  }

  /** Kills the master, waits for the promotion of a replica, and restarts the old master as a replica. */
  async failOver() {
    const old = await this.master();
    await old?.kill();
    await until('another master', async () => (await this.master()) !== old);
    await old?.start();
  }

  async pending() {
    return (await this.master())?.pending() ?? Number.NaN;
  }
}

/** A Redis Cluster of three masters without replicas. @implements {QueueStore} */
export class ClusterRedis {
  #isMade = false;

  /** @param {RedisServer[]} nodes */
  constructor(nodes) {
    this.nodes = nodes;
    this.env = { REDIS_URL, REDIS_CLUSTER: nodes.map(({ port }) => `127.0.0.1:${port}`).join(',') };
  }

  /** @param {string} directory */
  static async create(directory) {
    /** @type {RedisServer[]} */
    const nodes = [];
    while (nodes.length < MEMBERS) {
      const own = path.join(directory, `redis-${nodes.length}`);
      nodes.push(await RedisServer.create(own, { 'cluster-enabled': 'yes', 'cluster-node-timeout': 2_000 }));
    }
    return new ClusterRedis(nodes);
  }

  async start() {
    await Promise.all(this.nodes.map((node) => node.start()));
    const addresses = this.nodes.map(({ port }) => `127.0.0.1:${port}`);
    const [first] = this.nodes;
    if (!this.#isMade) await redisCli(first?.port ?? 0, '--cluster', 'create', ...addresses, '--cluster-yes');
    this.#isMade = true;
    await until('every node reports a complete Cluster', async () => {
      const infos = await Promise.all(this.nodes.map(({ port }) => redisCli(port, 'cluster', 'info')));
      return infos.every((info) => info.includes('cluster_state:ok'));
    });
  }

  async kill() {
    await Promise.all(this.nodes.map((node) => node.kill()));
  }

  async pending() {
    const cluster = new Cluster(this.nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
    try {
      const counts = [];
      // One per shard (QUEUE_SHARDS).
      for (const shard of this.nodes.keys())
        counts.push(await pendingIn(queuesOn(cluster, `{bellhop:${shard}}`)));
      return counts.reduce((sum, count) => sum + count, 0);
    } finally {
      cluster.disconnect();
    }
  }
}

/** @param {number} port @param {string[]} args */
async function redisCli(port, ...args) {
  const { stdout } = await promisify(execFile)('redis-cli', ['-h', '127.0.0.1', '-p', String(port), ...args]);
  return stdout.trim();
}

/** @param {string} what @param {() => Promise<boolean>} holds */
async function until(what, holds) {
  for (const deadline = Date.now() + READY_WITHIN_MS; !(await holds());) {
    if (Date.now() > deadline) throw new Error(`Timed out: ${what}`);
    await pause(50);
  }
}
