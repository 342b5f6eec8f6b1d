import { now } from '../../stage/clock.mjs';
import { pause } from '../pause.mjs';
import { allAnswered, check, count } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

/**
 * With the queue on Redis, webhooks are accepted while PostgreSQL is down and delivered once it is back.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
export const postgresGone = {
  name: 'postgres-gone',
  title: 'PostgreSQL gone',
  on: ['redis'],
  play: ({ outageMs, perSecond }, deployment) =>
    withScene(deployment, {}, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      await scene.postgres.kill();
      const goneAt = now();
      await pause(outageMs);
      const backAt = now();
      await scene.postgres.start();
      await pause(2_000);
      const settled = await scene.settle();
      const meanwhile = settled.webhooks.filter(({ postedAt }) => postedAt > goneAt && postedAt < backAt);
      // Sent while PostgreSQL was down.
      const early = meanwhile.filter(({ event }) => (settled.taken.get(event)?.[0] ?? backAt) < backAt);
      return {
        settled,
        doublesAtMost: IN_FLIGHT,
        because: `${count(IN_FLIGHT)} in flight when it went down`,
        checks: [
          allAnswered(meanwhile, ' meanwhile'),
          check('none of them was sent before it was back', early.length === 0),
        ],
      };
    }),
};
