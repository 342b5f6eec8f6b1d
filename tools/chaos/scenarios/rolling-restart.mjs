import { pause } from '../pause.mjs';
import { allAnswered, check, count } from '../scenario.mjs';
import { withScene } from '../scene.mjs';

/** `SHUTDOWN_DELAY_MS`: time for the load balancer to notice a stop. */
const SHUTDOWN_DELAY_MS = 1_000;

/**
 * Two api and two worker processes behind a load balancer are restarted one by one, or a single process alone: then
 * webhooks are refused meanwhile.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
export const rollingRestart = {
  name: 'rolling-restart',
  title: 'Every process stopped and started again, one by one',
  // Not in the short form: the fault tests play it.
  play: ({ isShort, perSecond }, deployment) =>
    withScene(deployment, { apis: 2, workers: 2, prepare }, async (scene) => {
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
        because: 'a stopping process finishes its work',
        checks: [
          deployment === 'embedded' ? refusedMeanwhile(settled.webhooks) : allAnswered(settled.webhooks),
          check(
            `${codes.length} processes stopped in order`,
            codes.every((code) => code === 0),
          ),
        ],
      };
    }),
};

/** @param {readonly import('../stream.mjs').Webhook[]} webhooks */
function refusedMeanwhile(webhooks) {
  const refused = webhooks.filter(({ notificationId }) => notificationId === undefined);
  return check(
    `${count(refused.length)} refused while no process listened`,
    refused.length < webhooks.length,
  );
}

const prepare = async () => ({ env: { SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS) } });
