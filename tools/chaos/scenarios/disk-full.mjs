import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { now } from '../../stage/clock.mjs';
import { pause } from '../pause.mjs';
import { RedisServer } from '../redis-server.mjs';
import { allAnswered, check, count } from '../scenario.mjs';
import { withScene } from '../scene.mjs';

/** @typedef {import('../scenario.mjs').Scenario} Scenario */

const DISK_MB = 64;

/** A small file system in memory. Mounting it requires root. */
class SmallDisk {
  /** @param {string} directory */
  constructor(directory) {
    this.directory = directory;
    this.filler = path.join(directory, 'filler');
  }

  /** @param {string} directory */
  static async mount(directory) {
    await mkdir(directory, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', directory]);
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
 * Redis cannot write its append-only file and refuses every write: only stored webhooks may be acknowledged.
 *
 * @type {Scenario}
 */
const redisDiskFull = {
  name: 'disk-full-redis',
  title: "The disk of Redis' AOF is full",
  unplayable: needsRoot,
  play: async ({ outageMs, perSecond }) => {
    /** @type {SmallDisk | undefined} */
    let disk;
    const prepare = async (/** @type {string} */ directory) => {
      disk = await SmallDisk.mount(path.join(directory, 'small-disk'));
      return {
        queue: await RedisServer.create(disk.directory),
        close: () => disk?.unmount() ?? Promise.resolve(),
      };
    };
    return withScene({ prepare }, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      await disk?.fill();
      const fullAt = now();
      await pause(outageMs);
      await disk?.empty();
      const emptyAt = now();
      // Redis retries once a second.
      await pause(4_000);
      const settled = await scene.settle();
      const meanwhile = settled.webhooks.filter(({ postedAt }) => postedAt > fullAt && postedAt < emptyAt);
      const after = settled.webhooks.filter(({ postedAt }) => postedAt > emptyAt + 2_500);
      const kinds = [...new Set(meanwhile.map(({ answer }) => answer))].toSorted().join(', ');
      return {
        settled,
        doublesAtMost: 0,
        checks: [
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
 * Redis is down and the spool's disk is full: webhooks that cannot be stored are refused.
 *
 * @type {Scenario}
 */
const spoolDiskFull = {
  name: 'disk-full-spool',
  title: 'Redis gone, and the disk of the spool is full',
  unplayable: needsRoot,
  play: async ({ perSecond }) => {
    /** @type {SmallDisk | undefined} */
    let disk;
    const prepare = async (/** @type {string} */ directory) => {
      disk = await SmallDisk.mount(path.join(directory, 'small-disk'));
      return { env: { SPOOL_DIR: disk.directory }, close: () => disk?.unmount() ?? Promise.resolve() };
    };
    return withScene({ prepare }, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      await scene.redis.kill();
      await pause(3_000);
      await disk?.fill();
      const fullAt = now();
      await pause(5_000);
      await disk?.empty();
      await pause(3_000);
      await scene.redis.start();
      await pause(3_000);
      const settled = await scene.settle();
      const others = settled.webhooks.filter(({ answer }) => answer !== '200' && answer !== '503');
      const refused = settled.webhooks.filter(
        ({ postedAt, answer }) => postedAt > fullAt && answer === '503',
      );
      return {
        settled,
        doublesAtMost: 0,
        checks: [
          check(`${count(refused.length)} answered 503 while it was full`, refused.length > 0),
          check('no other answer than 200 and 503', others.length === 0),
        ],
      };
    });
  },
};

export const disksFull = [redisDiskFull, spoolDiskFull];
