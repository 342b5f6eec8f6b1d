import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { freePorts, redisCli, startRedis, type RedisServer } from './redis-server.js';
import { until } from './until.js';

const DOWN_AFTER_MS = 1_000;

/** One master, two replicas and three Sentinels. */
export interface SentinelSetup {
  /** Environment of the gateway. */
  readonly env: Readonly<Record<string, string>>;
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly RedisServer[];
  /** Port of the current master according to the Sentinels. */
  master(): Promise<number>;
  close(): Promise<void>;
}

export async function startSentinelSetup(flags: readonly string[] = []): Promise<SentinelSetup> {
  const [first = 0, ...others] = await freePorts(6);
  const servers = [await startRedis(first, flags)];
  for (const port of others.slice(0, 2)) {
    servers.push(
      await startRedis(port, [
        '--replicaof',
        `127.0.0.1 ${first}`,
        '--repl-diskless-sync-delay',
        '0',
        ...flags,
      ]),
    );
  }
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-sentinel-'));
  const sentinels: RedisServer[] = [];
  for (const port of others.slice(2)) {
    const file = path.join(directory, `${port}.conf`);
    const rules = [
      `monitor mymaster 127.0.0.1 ${first} 2`,
      `down-after-milliseconds mymaster ${DOWN_AFTER_MS}`,
      'failover-timeout mymaster 3000',
    ];
    await writeFile(file, rules.map((rule) => `sentinel ${rule}\n`).join(''));
    sentinels.push(await startRedis(port, [file, '--sentinel']));
  }
  const master = async (): Promise<number> => {
    const [, port] = (
      await redisCli(sentinels[0]?.port ?? 0, 'sentinel', 'get-master-addr-by-name', 'mymaster')
    ).split('\n');
    return Number(port);
  };
  const replication = (): Promise<string> => redisCli(first, 'info', 'replication');
  await until(async () => (await replication()).match(/state=online/g)?.length === 2, replication);
  const known = (): Promise<string[]> =>
    Promise.all(sentinels.map(({ port }) => redisCli(port, 'info', 'sentinel')));
  await until(async () => (await known()).every((info) => info.includes('slaves=2,sentinels=3')), known);
  return {
    env: {
      // The host does not exist: the Sentinels return the address of the master.
      REDIS_URL: 'redis://redis.invalid',
      REDIS_SENTINELS: sentinels.map(({ port }) => `127.0.0.1:${port}`).join(','),
    },
    servers,
    sentinels,
    master,
    close: async () => {
      await Promise.all([...sentinels, ...servers].map((server) => server.close()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
