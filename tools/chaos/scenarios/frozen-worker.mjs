import { now } from '../../stage/clock.mjs';
import { pause } from '../pause.mjs';
import { check, count } from '../scenario.mjs';
import { IN_HAND, withScene } from '../scene.mjs';

/** Longer than a job's lock (15 s, looked after every 5 s) and a delivery's claim (15 s) together. */
const FROZEN_MS = 40_000;

/**
 * A worker is stopped in its tracks; another takes over what it had in its hands. Then it wakes, and believes that it is
 * still its own.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
export const frozenWorker = {
  name: 'frozen-worker',
  title: '`SIGSTOP` of a worker for 40 s, then `SIGCONT`, beside another worker',
  play: ({ perSecond }) =>
    withScene({ workers: 2 }, async (scene) => {
      const [frozen] = scene.workers;
      scene.post(perSecond);
      await pause(3_000);
      const frozenAt = now();
      frozen?.freeze();
      await pause(FROZEN_MS);
      const wokeAt = now();
      frozen?.wake();
      await pause(5_000);
      const settled = await scene.settle();
      // Sent by the other meanwhile, and once more by the one that woke.
      const again = [...settled.taken.values()].filter(
        (times) => times.some((at) => at > frozenAt && at < wokeAt) && times.some((at) => at >= wokeAt),
      );
      return {
        settled,
        doublesAtMost: IN_HAND,
        because: `${count(IN_HAND)} in hand when it froze: the vendor had taken them, and nobody could tell`,
        checks: [check(`${again.length} sent again by the one that woke`, again.length === 0)],
      };
    }),
};
