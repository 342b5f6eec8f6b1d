import { now } from '../../stage/clock.mjs';
import { pause } from '../pause.mjs';
import { allAnswered, check, count, DEPLOYMENTS, noneExited } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

/** @typedef {import('../scenario.mjs').Scenario} Scenario */

/**
 * PostgreSQL also holds the ledger, so results of deliveries that were in flight are not recorded.
 *
 * @param {import('../scenario.mjs').Deployment} deployment
 */
const doublesOn = (deployment) =>
  deployment === 'embedded'
    ? { doublesAtMost: IN_FLIGHT, because: `${count(IN_FLIGHT)} in flight when it went down` }
    : { doublesAtMost: 0 };

/**
 * Webhooks acknowledged while the queue's store is down are in the spool, which drains once it is back.
 *
 * @type {Scenario}
 */
const queueGone = {
  name: 'queue-gone',
  title: "The queue's store gone",
  shortOn: DEPLOYMENTS,
  play: ({ outageMs, perSecond }, deployment) =>
    withScene(deployment, {}, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      const goneAt = now();
      await scene.queue.kill();
      await pause(outageMs);
      await scene.queue.start();
      const backAt = now();
      await pause(3_000);
      const settled = await scene.settle();
      const meanwhile = settled.webhooks.filter(({ postedAt }) => postedAt > goneAt && postedAt < backAt);
      return {
        settled,
        ...doublesOn(deployment),
        checks: [allAnswered(meanwhile, ' meanwhile'), noneExited(scene)],
      };
    }),
};

/**
 * The same, and the process that owns the spool is killed meanwhile. One that starts its own PostgreSQL is back after it.
 *
 * @type {Scenario}
 */
const queueGoneAndCrash = {
  name: 'queue-gone-and-crash',
  title: "The queue's store gone, and `kill -9` of the process that accepts webhooks",
  play: ({ outageMs, perSecond }, deployment) =>
    withScene(deployment, {}, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      const goneAt = now();
      await scene.queue.kill();
      await pause(outageMs / 2);
      const diesAt = now();
      await scene.api.kill();
      const again = scene.api.start().then(now);
      again.catch(() => undefined);
      if (deployment === 'redis') await again;
      await pause(outageMs / 2);
      await scene.queue.start();
      const backAt = now();
      const againAt = await again;
      await pause(3_000);
      const settled = await scene.settle();
      const meanwhile = settled.webhooks.filter(
        ({ postedAt, tookMs }) =>
          (postedAt > goneAt && postedAt + tookMs < diesAt) || (postedAt > againAt && postedAt < backAt),
      );
      const tookMs = Math.round(againAt - diesAt);
      return {
        settled,
        ...doublesOn(deployment),
        checks: [
          check(`the process was back after ${count(tookMs)} ms`, true),
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
  title: "The queue's store gone until the spool (1 MB) is full",
  play: ({ perSecond }, deployment) =>
    withScene(deployment, { prepare: async () => ({ env: SMALL_SPOOL }) }, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      await scene.queue.kill();
      await pause((OVERFULL_BYTES / MIN_EVENT_BYTES / perSecond) * 1_000);
      await scene.queue.start();
      await pause(3_000);
      const settled = await scene.settle();
      const refused = settled.webhooks.filter(({ notificationId }) => notificationId === undefined);
      const others = refused.filter(({ answer }) => answer !== '503');
      const slowest = Math.max(0, ...settled.webhooks.map(({ tookMs }) => tookMs));
      return {
        settled,
        ...doublesOn(deployment),
        checks: [
          check(`${count(refused.length)} answered 503`, refused.length > 0 && others.length === 0),
          check(`every answer within ${Math.ceil(slowest)} ms`, slowest <= 2_000),
        ],
      };
    }),
};

export const queueOutages = [queueGone, queueGoneAndCrash, spoolFull];
