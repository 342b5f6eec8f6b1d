import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { now } from '../../stage/clock.mjs';
import { pause } from '../pause.mjs';
import { RedisServer } from '../redis-server.mjs';
import { allAnswered, check, count, noneExited } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

/** @typedef {import('../scenario.mjs').Scenario} Scenario */

const DISK_MB = 64;
/** A new PostgreSQL with its write-ahead log, and room for the events of a run. */
const DATABASE_DISK_MB = 256;

/** A small file system in memory. Mounting it requires root. */
class SmallDisk {
  /** @param {string} directory */
  constructor(directory) {
    this.directory = directory;
    this.filler = path.join(directory, 'filler');
  }

  /** @param {string} directory @param {number} [megabytes] */
  static async mount(directory, megabytes = DISK_MB) {
    await mkdir(directory, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]);
    return new SmallDisk(directory);
  }

  async fill() {
    const { bavail, bsize } = await statfs(this.directory);
    // Writes as much as fits, then fails with ENOSPC.
    await writeFile(this.filler, Buffer.alloc((bavail + 1) * bsize)).catch(() => undefined);
  }

  async empty() {
    await rm(this.filler, { force: true });
  }

  async unmount() {
    execFileSync('umount', ['--lazy', this.directory]);
  }
}

/** @returns {string | undefined} */
function needsRoot() {
  if (process.getuid?.() !== 0) return 'it mounts a small disk, which requires root';
  // Containers may forbid it even to root.
  const isAllowed = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
  return isAllowed ? undefined : 'it mounts a small disk, which is not allowed here';
}

/**
 * Redis cannot write its append-only file, and with `appendfsync always` it exits. It is restarted once there is space.
 * Only stored webhooks may be acknowledged.
 *
 * @type {Scenario}
 */
const redisDiskFull = {
  name: 'disk-full-redis',
  title: "The disk of Redis' AOF is full",
  on: ['redis'],
  shortOn: ['redis'],
  unplayable: needsRoot,
  play: async ({ outageMs, perSecond }, deployment) => {
    /** @type {SmallDisk | undefined} */
    let disk;
    /** @type {RedisServer | undefined} */
    let redis;
    const prepare = async (/** @type {string} */ directory) => {
      disk = await SmallDisk.mount(path.join(directory, 'small-disk'));
      redis = await RedisServer.create(disk.directory);
      return { queue: redis, close: () => disk?.unmount() ?? Promise.resolve() };
    };
    return withScene(deployment, { prepare }, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      await disk?.fill();
      const fullAt = now();
      await pause(outageMs);
      await disk?.empty();
      const hasExited = redis?.isRunning === false;
      if (hasExited) await redis?.start();
      const emptyAt = now();
      // Otherwise, Redis retries once a second.
      await pause(4_000);
      const settled = await scene.settle();
      const meanwhile = settled.webhooks.filter(({ postedAt }) => postedAt > fullAt && postedAt < emptyAt);
      const after = settled.webhooks.filter(({ postedAt }) => postedAt > emptyAt + 2_500);
      const kinds = [...new Set(meanwhile.map(({ answer }) => answer))].toSorted().join(', ');
      return {
        settled,
        doublesAtMost: 0,
        checks: [
          check(hasExited ? 'Redis exited' : 'Redis refused to write', true),
          check(
            `${count(meanwhile.length)} meanwhile answered ${kinds}`,
            meanwhile.every(({ answer }) => answer === '200' || answer === '503'),
          ),
          allAnswered(after, ' afterwards'),
        ],
      };
    });
  },
};

/**
 * The queue's store is down and the spool's disk is full: webhooks that cannot be stored are refused.
 *
 * @type {Scenario}
 */
const spoolDiskFull = {
  name: 'disk-full-spool',
  title: "The queue's store gone, and the disk of the spool is full",
  unplayable: needsRoot,
  play: async ({ perSecond }, deployment) => {
    /** @type {SmallDisk | undefined} */
    let disk;
    const prepare = async (/** @type {string} */ directory) => {
      disk = await SmallDisk.mount(path.join(directory, 'small-disk'));
      return { env: { SPOOL_DIR: disk.directory }, close: () => disk?.unmount() ?? Promise.resolve() };
    };
    return withScene(deployment, { prepare }, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      await scene.queue.kill();
      await pause(3_000);
      await disk?.fill();
      const fullAt = now();
      await pause(5_000);
      await disk?.empty();
      await pause(3_000);
      await scene.queue.start();
      await pause(3_000);
      const settled = await scene.settle();
      const others = settled.webhooks.filter(({ answer }) => answer !== '200' && answer !== '503');
      const refused = settled.webhooks.filter(
        ({ postedAt, answer }) => postedAt > fullAt && answer === '503',
      );
      return {
        settled,
        doublesAtMost: deployment === 'embedded' ? IN_FLIGHT : 0,
        because: `${count(IN_FLIGHT)} in flight when PostgreSQL went down`,
        checks: [
          check(`${count(refused.length)} answered 503 while it was full`, refused.length > 0),
          check('no other answer than 200 and 503', others.length === 0),
        ],
      };
    });
  },
};

/**
 * Neither PostgreSQL nor the spool can write. PostgreSQL may exit; it is restarted once there is space.
 *
 * @type {Scenario}
 */
const dataDiskFull = {
  name: 'disk-full-data',
  title: 'The disk of the data directory, with PostgreSQL and the spool, is full',
  on: ['embedded'],
  shortOn: ['embedded'],
  unplayable: needsRoot,
  play: async ({ outageMs, perSecond }, deployment) => {
    /** @type {SmallDisk | undefined} */
    let disk;
    const prepare = async (/** @type {string} */ directory) => {
      disk = await SmallDisk.mount(path.join(directory, 'small-disk'), DATABASE_DISK_MB);
      const data = path.join(disk.directory, 'data');
      return { env: { DATA_DIR: data }, close: () => disk?.unmount() ?? Promise.resolve() };
    };
    return withScene(deployment, { prepare }, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      await disk?.fill();
      const fullAt = now();
      await pause(outageMs);
      await disk?.empty();
      const emptyAt = now();
      await scene.postgres.start();
      const upAt = now();
      await pause(4_000);
      const settled = await scene.settle();
      const meanwhile = settled.webhooks.filter(({ postedAt }) => postedAt > fullAt && postedAt < emptyAt);
      const refused = meanwhile.filter(({ answer }) => answer === '503');
      const others = settled.webhooks.filter(({ answer }) => answer !== '200' && answer !== '503');
      const after = settled.webhooks.filter(({ postedAt }) => postedAt > upAt + 2_500);
      return {
        settled,
        doublesAtMost: IN_FLIGHT,
        because: `${count(IN_FLIGHT)} in flight when it became full`,
        checks: [
          check(`${count(refused.length)} of ${count(meanwhile.length)} meanwhile answered 503`, true),
          check('no other answer than 200 and 503', others.length === 0),
          check(`PostgreSQL was up ${count(Math.round(upAt - emptyAt))} ms after there was space`, true),
          allAnswered(after, ' afterwards'),
          noneExited(scene),
        ],
      };
    });
  },
};

export const disksFull = [redisDiskFull, spoolDiskFull, dataDiskFull];
