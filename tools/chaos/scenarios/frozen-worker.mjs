import { now } from '../../stage/clock.mjs';
import { pause } from '../pause.mjs';
import { check, count } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

/** Longer than a job's lock (15 s, checked every 5 s) plus a delivery's claim (15 s). */
const FROZEN_MS = 40_000;

/**
 * A worker is suspended, and another takes over its deliveries. Then the first one resumes as if they were still its own.
 * A single process resumes with no other.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
export const frozenWorker = {
  name: 'frozen-worker',
  title: '`SIGSTOP` of a worker for 40 s, then `SIGCONT`; if there is another, beside it',
  play: ({ perSecond }, deployment) =>
    withScene(deployment, { workers: 2 }, async (scene) => {
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
      // Sent by the other worker meanwhile, and again by the resumed one.
      const again = [...settled.taken.values()].filter(
        (times) => times.some((at) => at > frozenAt && at < wokeAt) && times.some((at) => at >= wokeAt),
      );
      return {
        settled,
        doublesAtMost: IN_FLIGHT,
        because: `${count(IN_FLIGHT)} in flight when it was suspended, with unknown outcomes`,
        checks: [
          check(
            `${again.length} sent again by the resumed worker`,
            again.length === 0 || deployment === 'embedded',
          ),
        ],
      };
    }),
};
