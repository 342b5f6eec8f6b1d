import { describe, expect, it } from '@jest/globals';
import { ALL_QUEUES } from './jobs.js';
import { Shards } from './shards.js';

const user = (index: number): object => ({ appId: 'app', uid: `user-${index}` });
const USERS = Array.from({ length: 6_000 }, (_, index) => user(index));

describe('Shards', () => {
  it('uses the unsharded key prefix for a single shard', () => {
    const one = new Shards(1);
    expect(USERS.every((data) => one.shardFor('push', data) === 0)).toBe(true);
    expect(ALL_QUEUES.map((queueName) => one.of(queueName))).toEqual(ALL_QUEUES.map(() => [0]));
    expect(one.prefixOf(0)).toBe('bellhop');
  });

  it('assigns a user to the same shard in every process and version', () => {
    const six = new Shards(6);
    // Never change these: another hash would separate a user's new jobs from the stored ones.
    const uids = Array.from({ length: 8 }, (_, index) => `person-${index}`);
    expect(uids.map((uid) => six.shardFor('push', { appId: 'app', uid }))).toEqual([4, 1, 2, 5, 2, 4, 2, 5]);
  });

  it('keeps the jobs of a user in one shard of every queue, by app', () => {
    const many = new Shards(64);
    const shards = (['push', 'calls', 'sms', 'plan', 'plan-calls', 'push-calls'] as const).map((queueName) =>
      many.shardFor(queueName, { appId: 'app', uid: 'ann', notificationId: queueName }),
    );
    expect(new Set(shards).size).toBe(1);
    const apps = ['a', 'b', 'c', 'd'].map((appId) => many.shardFor('push', { appId, uid: 'ann' }));
    expect(new Set(apps).size).toBeGreaterThan(1);
  });

  it('selects by notification if a job of an earlier version names no user', () => {
    const six = new Shards(6);
    const shards = USERS.map((_, index) =>
      six.shardFor('push', { appId: 'app', notificationId: `notification-${index}` }),
    );
    expect(new Set(shards).size).toBe(6);
  });

  it.each([2, 3, 6, 12, 64])('distributes users evenly over %d shards', (count) => {
    const shards = new Shards(count);
    const chosen = USERS.map((data) => shards.shardFor('push', data));
    const held = shards.of('push').map((shard) => chosen.filter((one) => one === shard).length);
    const fair = USERS.length / count;
    expect(Math.max(...held)).toBeLessThan(fair * 1.5);
    expect(Math.min(...held)).toBeGreaterThan(fair * 0.5);
  });

  it('keeps jobs without a user in the first shard', () => {
    const six = new Shards(6);
    expect(six.of('upkeep')).toEqual([0]);
    expect(six.shardFor('devices', { v: 1, deviceId: 'd' })).toBe(0);
  });

  it('gives each shard one hash slot, and keeps the first prefix outside a Cluster', () => {
    expect([0, 1, 2].map((shard) => new Shards(3, true).prefixOf(shard))).toEqual([
      '{bellhop:0}',
      '{bellhop:1}',
      '{bellhop:2}',
    ]);
    expect([0, 1].map((shard) => new Shards(2).prefixOf(shard))).toEqual(['bellhop', '{bellhop:1}']);
  });

  it('lists the queues of orphaned shards', () => {
    const beyond = new Shards(62).beyond();
    expect(beyond).toContainEqual({ queueName: 'push', shard: 62 });
    expect(beyond).toContainEqual({ queueName: 'sms', shard: 63 });
    expect(beyond).toHaveLength(12);
    expect(new Shards(64).beyond()).toEqual([]);
    expect(new Shards(1).beyond().some(({ shard }) => shard === 0)).toBe(false);
  });
});
