import { setImmediate as nextTick } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { JobWriter, type NewJob } from '../../../src/queue/bullmq/job-writer.js';
import { coalescingConnector } from '../../../src/queue/bullmq/write-coalescing.js';
import { emptyRedis } from '../../support/gateway.js';

const onRedis = process.env['TEST_REDIS_URL'] ? describe : describe.skip;

let url: string;
let redis: Redis;

onRedis('writes to Redis', () => {
  beforeEach(async () => {
    url = (await emptyRedis()) ?? '';
    redis = new Redis(url, { Connector: coalescingConnector(), maxRetriesPerRequest: null });
  });
  afterEach(() => redis.disconnect());

  describe('coalescingConnector', () => {
    it('sends the commands of one event-loop tick in one write, in order', async () => {
      await redis.ping();
      const before = redis.stream.bytesWritten - redis.stream.writableLength;
      const answers = Array.from({ length: 100 }, (_, index) => redis.rpush('list', index));
      await Promise.resolve();
      expect(redis.stream.writableLength).toBeGreaterThan(100 * 'rpush list 0'.length);
      expect(redis.stream.bytesWritten - redis.stream.writableLength).toBe(before);
      await nextTick();
      expect(redis.stream.writableLength).toBe(0);
      expect(await Promise.all(answers)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      expect(await redis.lrange('list', 0, -1)).toEqual(answers.map((_, index) => String(index)));
    });

    it('sends the commands of the tick in which the connection ends', async () => {
      await redis.ping();
      const answer = redis.set('last', 'word');
      await redis.quit();
      expect(await answer).toBe('OK');
    });

    it('coalesces writes after a reconnect', async () => {
      await redis.ping();
      const first = redis.stream;
      first.destroy();
      expect(await redis.set('key', 'value')).toBe('OK');
      expect(redis.stream).not.toBe(first);
      const answer = redis.get('key');
      expect(redis.stream.writableLength).toBeGreaterThan(0);
      expect(await answer).toBe('value');
    });

    it('coalesces the writes of a duplicated client', async () => {
      const duplicate = redis.duplicate();
      await duplicate.ping();
      const answer = duplicate.ping();
      expect(duplicate.stream.writableLength).toBeGreaterThan(0);
      expect(await answer).toBe('PONG');
      duplicate.disconnect();
    });
  });

  describe('JobWriter', () => {
    const opts = { attempts: 5, backoff: { type: 'own' }, removeOnComplete: true, stackTraceLimit: 3 };
    const job = (jobId: string, more: object = {}): NewJob => ({
      name: 'notification.send',
      data: { v: 1, uid: 'ann', content: '{"a":"ü"}', unset: undefined },
      opts: { ...opts, jobId, ...more },
    });

    it('returns the id of the first job for a duplicate', async () => {
      const queue = new Queue('push', { connection: redis });
      const writer = new JobWriter(queue);
      const same = { deduplication: { id: 'same', ttl: 60_000 } };
      expect([await writer.write(job('a', same)), await writer.write(job('b', same))]).toEqual(['a', 'a']);
      expect(await writer.write(job('a'))).toBe('a');
      expect(await queue.getWaitingCount()).toBe(1);
    });
  });
});
