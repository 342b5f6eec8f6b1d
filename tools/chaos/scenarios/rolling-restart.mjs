import { pause } from '../pause.mjs';
import { allAnswered, check } from '../scenario.mjs';
import { withScene } from '../scene.mjs';

/** A stop is announced for so long, until the load balancer has noticed. */
const ANNOUNCED_MS = 1_000;

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
    withScene({ apis: 2, workers: 2, prepare }, async (scene) => {
      /** @type {(number | null)[]} */
      const codes = [];
      scene.post(perSecond);
      await pause(2_000);
      for (let round = 0; round < (isShort ? 1 : 3); round++) {
        for (const service of scene.services) {
          await service.stop();
          codes.push(service.process.exitCode);
          await service.start();
          await pause(500);
        }
      }
      const settled = await scene.settle();
      return {
        settled,
        doublesAtMost: 0,
        because: 'who is asked to end finishes what is in hand',
        checks: [
          allAnswered(settled.webhooks),
          check(
            `${codes.length} processes ended in order`,
            codes.every((code) => code === 0),
          ),
        ],
      };
    }),
};

const prepare = async () => ({ env: { SHUTDOWN_DELAY_MS: String(ANNOUNCED_MS) } });
