import { pause } from '../pause.mjs';
import { allAnswered, check } from '../scenario.mjs';
import { withScene } from '../scene.mjs';

/**
 * Two api and two worker processes are exchanged one by one, behind a load balancer.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
export const rollingRestart = {
  name: 'rolling-restart',
  title: 'Two api and two worker processes restarted one by one',
  isShort: true,
  play: ({ isShort, perSecond }) =>
    withScene({ apis: 2, workers: 2 }, async (scene) => {
      scene.post(perSecond);
      await pause(2_000);
      for (let round = 0; round < (isShort ? 1 : 3); round++) {
        for (const service of scene.services) {
          await service.stop();
          await service.start();
          await pause(500);
        }
      }
      const settled = await scene.settle();
      const ends = scene.services.map((service) => service.process.exitCode);
      return {
        settled,
        doublesAtMost: 0,
        because: 'who is asked to end finishes what is in hand',
        checks: [
          allAnswered(settled.webhooks),
          check(
            'each ended in order',
            ends.every((code) => code === null || code === 0),
          ),
        ],
      };
    }),
};
