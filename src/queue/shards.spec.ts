import { describe, expect, it } from '@jest/globals';
import { QUEUES } from './jobs.js';
import { Shards } from './shards.js';

const user = (index: number): object => ({ appId: 'app', uid: `person-${index}` });
const PERSONS = Array.from({ length: 6_000 }, (_, index) => user(index));

describe('shards', () => {
  it('are one where nothing is said, under the name that its keys have always had', () => {
    const one = new Shards(1);
    expect(PERSONS.every((data) => one.shardFor('plan', data) === 0)).toBe(true);
    expect(QUEUES.map((queueName) => one.of(queueName))).toEqual(QUEUES.map(() => [0]));
    expect(one.prefixOf(0)).toBe('bellhop');
  });

  it('are found again: the same person has the same shard in every process and version', () => {
    const six = new Shards(6);
    // Fixed for good: another hash would part a person's jobs from those that are stored already.
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((index) => six.shardFor('plan', user(index)))).toEqual([
      4, 1, 2, 5, 2, 4, 2, 5,
    ]);
  });

  it('hold all jobs of one person, whatever their lane, and tell apps apart', () => {
    const many = new Shards(64);
    const shards = (['plan', 'plan-calls', 'push', 'push-calls', 'sms'] as const).map((queueName) =>
      many.shardFor(queueName, { appId: 'app', uid: 'ann', notificationId: queueName }),
    );
    expect(new Set(shards).size).toBe(1);
    const apps = ['a', 'b', 'c', 'd'].map((appId) => many.shardFor('plan', { appId, uid: 'ann' }));
    expect(new Set(apps).size).toBeGreaterThan(1);
  });

  it('go by the notification where a job names no person, as an earlier version wrote them', () => {
    const six = new Shards(6);
    const shards = PERSONS.map((_, index) =>
      six.shardFor('push', { appId: 'app', notificationId: `notification-${index}` }),
    );
    expect(new Set(shards).size).toBe(6);
  });

  it.each([2, 3, 6, 12, 64])('share the persons evenly: %d of them', (count) => {
    const shards = new Shards(count);
    const chosen = PERSONS.map((data) => shards.shardFor('plan', data));
    const held = shards.of('plan').map((shard) => chosen.filter((one) => one === shard).length);
    const fair = PERSONS.length / count;
    expect(Math.max(...held)).toBeLessThan(fair * 1.5);
    expect(Math.min(...held)).toBeGreaterThan(fair * 0.5);
  });

  it('leave in the first one what belongs to no person', () => {
    const six = new Shards(6);
    expect(six.of('upkeep')).toEqual([0]);
    expect(six.shardFor('devices', { v: 1, deviceId: 'd' })).toBe(0);
  });

  it('have names that keep a shard in one slot of a Cluster, and the first one its own elsewhere', () => {
    expect([0, 1, 2].map((shard) => new Shards(3, true).prefixOf(shard))).toEqual([
      '{bellhop:0}',
      '{bellhop:1}',
      '{bellhop:2}',
    ]);
    expect([0, 1].map((shard) => new Shards(2).prefixOf(shard))).toEqual(['bellhop', '{bellhop:1}']);
  });

  it('know where jobs may lie that were stored while there were more of them', () => {
    const beyond = new Shards(62).beyond();
    expect(beyond).toContainEqual({ queueName: 'plan', shard: 62 });
    expect(beyond).toContainEqual({ queueName: 'sms', shard: 63 });
    expect(beyond).toHaveLength(10);
    expect(new Shards(64).beyond()).toEqual([]);
    expect(new Shards(1).beyond().some(({ shard }) => shard === 0)).toBe(false);
  });
});
