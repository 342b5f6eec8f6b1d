import { Queue } from 'bullmq';
import { tagOf } from '../../stage/app.mjs';
import { pause } from '../pause.mjs';
import { check, count } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

const DEAD_LETTER_WITHIN_MS = 240_000;

/**
 * One notification crashes every worker that processes it. It is dead-lettered, others are processed, and once the fault
 * is removed it can be retried.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
export const poison = {
  name: 'poison',
  title: 'A job that crashes its worker, one of two',
  play: ({ perSecond }) =>
    withScene({ workers: 2 }, async (scene) => {
      scene.post(perSecond);
      await pause(3_000);
      // The next chat event.
      const events = [...(await scene.taken()).keys()];
      const poisoned = Math.ceil((Math.max(...events) + perSecond) / 10) * 10 + 1;
      await scene.innerFaults({ poison: tagOf(String(poisoned).padStart(9, '0')) });

      const plans = new Queue('push', {
        connection: { url: scene.redis.env['REDIS_URL'] ?? '' },
        prefix: 'bellhop',
      });
      try {
        const deadline = Date.now() + DEAD_LETTER_WITHIN_MS;
        while ((await plans.getFailedCount()) === 0 && Date.now() < deadline) await pause(500);
        const crashTotal = scene.workers.reduce((sum, { crashes }) => sum + crashes, 0);
        const deadLetters = await plans.getFailed();
        const isPoison =
          deadLetters.length === 1 && JSON.stringify(deadLetters[0]?.data).includes(String(poisoned));
        await pause(2_000);
        const latest = Math.max(...(await scene.taken()).keys());
        await scene.innerFaults({});
        for (const job of deadLetters) await job.retry();
        const settled = await scene.settle();
        return {
          settled,
          doublesAtMost: crashTotal * IN_FLIGHT,
          because: `${count(IN_FLIGHT)} in flight at each of ${crashTotal} crashes`,
          checks: [
            check(`the only job dead-lettered, after ${crashTotal} crashes`, isPoison),
            check('others were delivered meanwhile', latest > poisoned + perSecond),
            check('delivered after a retry', settled.taken.has(poisoned)),
          ],
        };
      } finally {
        await plans.close();
      }
    }),
};
