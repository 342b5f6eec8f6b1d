import { pause } from '../pause.mjs';
import { DEPLOYMENTS, noneExited } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

const HOUR_MS = 3_600_000;

/**
 * The clock of the gateway's processes steps by an hour and back while a vendor fails and many retries are scheduled.
 * Afterwards, nothing may be delayed by an hour.
 *
 * @type {import('../scenario.mjs').Scenario[]}
 */
export const clockSteps = [1, -1].map((direction) => ({
  name: direction > 0 ? 'clock-ahead' : 'clock-behind',
  title: `The clock jumps an hour ${direction > 0 ? 'ahead' : 'back'}, and later returns, while a vendor fails`,
  shortOn: direction > 0 ? DEPLOYMENTS : [],
  play: ({ isShort, perSecond }, deployment) =>
    withScene(deployment, {}, async (scene) => {
      const stepMs = isShort ? 1_500 : 4_000;
      scene.post(perSecond);
      await pause(2_000);
      await scene.vendors[0]?.behave({ mode: 'error' });
      await pause(stepMs);
      await scene.innerFaults({ clockMs: direction * HOUR_MS });
      await pause(stepMs);
      await scene.vendors[0]?.behave({ mode: 'well' });
      await pause(stepMs);
      await scene.vendors[0]?.behave({ mode: 'error' });
      await pause(stepMs);
      await scene.innerFaults({});
      await pause(stepMs);
      await scene.vendors[0]?.behave({ mode: 'well' });
      await pause(stepMs);
      const settled = await scene.settle();
      return {
        settled,
        doublesAtMost: IN_FLIGHT,
        because: 'claims that appear expired',
        checks: [noneExited(scene)],
      };
    }),
}));
