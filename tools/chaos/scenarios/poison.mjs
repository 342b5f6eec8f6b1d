import { Queue } from 'bullmq';
import { tagOf } from '../../stage/app.mjs';
import { pause } from '../pause.mjs';
import { check, count } from '../scenario.mjs';
import { IN_HAND, withScene } from '../scene.mjs';

const DEAD_LETTER_WITHIN_MS = 240_000;

/**
 * One notification ends every worker that takes it up. It is set aside, others go on, and when its worker is mended it
 * can be replayed.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
export const poison = {
  name: 'poison',
  title: 'A job that ends its worker, one of two',
  play: ({ perSecond }) =>
    withScene({ workers: 2 }, async (scene) => {
      scene.post(perSecond);
      await pause(3_000);
      // The first chat that is yet to come.
      const events = [...(await scene.taken()).keys()];
      const poisoned = Math.ceil((Math.max(...events) + perSecond) / 10) * 10 + 1;
      await scene.innerFaults({ poison: tagOf(String(poisoned).padStart(9, '0')) });

      const plans = new Queue('plan', {
        connection: { url: scene.redis.env['REDIS_URL'] ?? '' },
        prefix: 'bellhop',
      });
      try {
        const deadline = Date.now() + DEAD_LETTER_WITHIN_MS;
        while ((await plans.getFailedCount()) === 0 && Date.now() < deadline) await pause(500);
        const deaths = scene.workers.reduce((sum, { crashes }) => sum + crashes, 0);
        const aside = await plans.getFailed();
        const isPoison = aside.length === 1 && JSON.stringify(aside[0]?.data).includes(String(poisoned));
        await pause(2_000);
        const latest = Math.max(...(await scene.taken()).keys());
        await scene.innerFaults({});
        for (const job of aside) await job.retry();
        const settled = await scene.settle();
        return {
          settled,
          doublesAtMost: deaths * IN_HAND,
          because: `${count(IN_HAND)} in hand at each of ${deaths} deaths`,
          checks: [
            check(`set aside after ${deaths} deaths, it alone`, isPoison),
            check('others went on meanwhile', latest > poisoned + perSecond),
            check('replayed, it was delivered', settled.taken.has(poisoned)),
          ],
        };
      } finally {
        await plans.close();
      }
    }),
};
