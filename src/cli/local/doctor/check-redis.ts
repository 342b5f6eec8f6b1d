import { once } from 'node:events';
import { Cluster, type Redis } from 'ioredis';
import { within } from '../../../platform/timing/within.js';
import { connectRedis } from '../../../queue/bullmq/redis-connection.js';
import { messageOf } from '../unreachable.js';
import { fault, ok, warning, type Finding, type Patient } from './finding.js';

const SUBJECT = 'redis';
const TIMEOUT_MS = 5_000;
const PAGE = 'see docs/redis.md';

/** Reachability, version and settings of the queue's Redis, of every master of a Cluster. */
export async function checkRedis({ settings }: Pick<Patient, 'settings'>): Promise<Finding[]> {
  if (settings.redisUrl === undefined) return [ok('queue', 'It runs on PostgreSQL.')];
  const client = connectRedis(settings.redisUrl, settings.redis);
  let last: unknown;
  client.on('error', (error: unknown) => (last = error));
  try {
    await within(TIMEOUT_MS, once(client, 'ready'));
    const masters = client instanceof Cluster ? client.nodes('master') : [client];
    const found = await within(
      TIMEOUT_MS,
      Promise.all(masters.map((node) => examine(node, settings.redis.waitReplicas))),
    );
    return found.flat();
  } catch (error) {
    const text = `Redis cannot be used (${messageOf(last ?? error)}): webhooks go to the spool, and nothing is sent.`;
    return [fault(SUBJECT, text, 'Start Redis, and compare REDIS_URL with its address and password.')];
  } finally {
    client.disconnect();
  }
}

async function examine(node: Redis, waitReplicas: number): Promise<Finding[]> {
  const info = factsOf(await node.info());
  const fsync = await fsyncOf(node);
  return [
    ...versionOf(info),
    ...(info.get('role') === 'slave' ? [REPLICA] : []),
    ...(info.get('maxmemory_policy') === 'noeviction'
      ? []
      : [evicts(info.get('maxmemory_policy') ?? 'unknown')]),
    ...durabilityOf(info.get('aof_enabled') === '1', fsync),
    ...replicasOf(Number(info.get('connected_slaves') ?? 0), waitReplicas),
  ];
}

const REPLICA = fault(
  SUBJECT,
  'REDIS_URL names a replica, which refuses writes: webhooks go to the spool.',
  `Name the master, or use Sentinel (${PAGE}).`,
);

const evicts = (policy: string): Finding =>
  fault(
    SUBJECT,
    `maxmemory-policy is ${policy}: Redis discards waiting notifications when memory is short.`,
    `Set maxmemory-policy to noeviction (${PAGE}).`,
  );

function versionOf(info: ReadonlyMap<string, string>): Finding[] {
  const version = info.get('redis_version') ?? 'unknown';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 6 || (major === 6 && minor >= 2)) return [ok(SUBJECT, `Version ${version} answers.`)];
  return [fault(SUBJECT, `Version ${version} is too old.`, 'Upgrade to Redis 6.2 or newer, or Valkey.')];
}

function durabilityOf(hasAof: boolean, fsync: string | undefined): Finding[] {
  const subject = `${SUBJECT} durability`;
  const fix = `Set appendonly to yes and appendfsync to always (${PAGE}).`;
  if (!hasAof)
    return [
      fault(subject, 'appendonly is off: a restart of Redis loses webhooks that were answered 200.', fix),
    ];
  if (fsync === undefined)
    return [warning(subject, 'appendfsync cannot be read by this user.', `Let it be always (${PAGE}).`)];
  if (fsync === 'always') return [ok(subject, 'Webhooks are on disk before they are answered.')];
  const lost = fsync === 'everysec' ? 'the last two seconds' : 'the last half minute';
  return [warning(subject, `appendfsync is ${fsync}: a crash may lose ${lost} of webhooks.`, fix)];
}

function replicasOf(connected: number, wanted: number): Finding[] {
  if (wanted === 0) return [];
  const subject = `${SUBJECT} replicas`;
  if (connected >= wanted)
    return [ok(subject, `${connected} connected, ${wanted} wanted by REDIS_WAIT_REPLICAS.`)];
  const text = `${connected} connected, but REDIS_WAIT_REPLICAS is ${wanted}: every webhook goes to the spool.`;
  return [fault(subject, text, 'Start the replicas, or lower REDIS_WAIT_REPLICAS.')];
}

/** @returns undefined without permission for `CONFIG`, as on managed servers. */
async function fsyncOf(node: Redis): Promise<string | undefined> {
  const answer = await node.config('GET', 'appendfsync').catch(() => undefined);
  const value: unknown = Array.isArray(answer) ? answer[1] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function factsOf(info: string): Map<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}
