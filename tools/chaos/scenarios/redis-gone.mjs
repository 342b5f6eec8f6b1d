import { now } from '../../stage/clock.mjs';
import { pause } from '../pause.mjs';
import { allAnswered, check, count } from '../scenario.mjs';
import { withScene } from '../scene.mjs';

/** @typedef {import('../scenario.mjs').Scenario} Scenario */

/**
 * Webhooks acknowledged while Redis is down are in the spool, which drains once it is back.
 *
 * @type {Scenario}
 */
const redisGone = {
  name: 'redis-gone',
  title: 'Redis gone',
  isShort: true,
  play: ({ outageMs, perSecond }) =>
    withScene({}, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      const goneAt = now();
      await scene.redis.kill();
      await pause(outageMs);
      await scene.redis.start();
      const backAt = now();
      await pause(3_000);
      const settled = await scene.settle();
      const meanwhile = settled.webhooks.filter(({ postedAt }) => postedAt > goneAt && postedAt < backAt);
      return { settled, doublesAtMost: 0, checks: [allAnswered(meanwhile, ' meanwhile')] };
    }),
};

/**
 * The same, and the process that owns the spool is killed meanwhile.
 *
 * @type {Scenario}
 */
const redisGoneAndCrash = {
  name: 'redis-gone-and-crash',
  title: 'Redis gone, and `kill -9` of api meanwhile',
  play: ({ outageMs, perSecond }) =>
    withScene({}, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      const goneAt = now();
      await scene.redis.kill();
      await pause(outageMs / 2);
      const diesAt = now();
      await scene.api.kill();
      await scene.api.start();
      const againAt = now();
      await pause(outageMs / 2);
      await scene.redis.start();
      const backAt = now();
      await pause(3_000);
      const settled = await scene.settle();
      const meanwhile = settled.webhooks.filter(
        ({ postedAt, tookMs }) =>
          (postedAt > goneAt && postedAt + tookMs < diesAt) || (postedAt > againAt && postedAt < backAt),
      );
      const tookMs = Math.round(againAt - diesAt);
      return {
        settled,
        doublesAtMost: 0,
        checks: [
          check(`without Redis, api was back after ${count(tookMs)} ms`, true),
          allAnswered(meanwhile, ' meanwhile'),
        ],
      };
    }),
};

const SMALL_SPOOL = { SPOOL_MAX_MB: '1' };
/** More than its size, and less than the size of an event. */
const OVERFULL_BYTES = 2_000_000;
const MIN_EVENT_BYTES = 1_000;

/**
 * A full spool refuses webhooks instead of acknowledging them.
 *
 * @type {Scenario}
 */
const spoolFull = {
  name: 'spool-full',
  title: 'Redis gone until the spool (1 MB) is full',
  play: ({ perSecond }) =>
    withScene({ prepare: async () => ({ env: SMALL_SPOOL }) }, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      await scene.redis.kill();
      await pause((OVERFULL_BYTES / MIN_EVENT_BYTES / perSecond) * 1_000);
      await scene.redis.start();
      await pause(3_000);
      const settled = await scene.settle();
      const refused = settled.webhooks.filter(({ notificationId }) => notificationId === undefined);
      const others = refused.filter(({ answer }) => answer !== '503');
      const slowest = Math.max(0, ...settled.webhooks.map(({ tookMs }) => tookMs));
      return {
        settled,
        doublesAtMost: 0,
        checks: [
          check(`${count(refused.length)} answered 503`, refused.length > 0 && others.length === 0),
          check(`every answer within ${Math.ceil(slowest)} ms`, slowest <= 2_000),
        ],
      };
    }),
};

export const redisOutages = [redisGone, redisGoneAndCrash, spoolFull];
