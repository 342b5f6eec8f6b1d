import { tagOf } from '../../stage/app.mjs';
import { pause } from '../pause.mjs';
import { check, count } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

/** @typedef {import('bullmq').Queue[]} Queues */

const DEAD_LETTER_WITHIN_MS = 240_000;

/**
 * One notification crashes every worker that processes it. It is dead-lettered, others are processed, and once the fault
 * is removed it can be retried. On separate processes, there are two workers.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
export const poison = {
  name: 'poison',
  title: 'A job that crashes its worker',
  // Not in the short form: it takes a minute and a half, and the fault tests play it on both stores.
  play: ({ perSecond }, deployment) =>
    withScene(deployment, { workers: 2 }, async (scene) => {
      scene.post(perSecond);
      await pause(3_000);
      // The next chat event.
      const events = [...(await scene.taken()).keys()];
      const poisoned = Math.ceil((Math.max(...events) + perSecond) / 10) * 10 + 1;
      await scene.innerFaults({ poison: tagOf(String(poisoned).padStart(9, '0')) });

      // A crash may take the store with it.
      const contents = () => scene.withQueues(deadLetterContents).catch(() => []);
      const deadline = Date.now() + DEAD_LETTER_WITHIN_MS;
      let deadLetters = await contents();
      for (; deadLetters.length === 0 && Date.now() < deadline; deadLetters = await contents())
        await pause(500);
      const crashTotal = scene.workers.reduce((sum, { crashes }) => sum + crashes, 0);
      const isPoison = deadLetters.length === 1 && deadLetters[0]?.includes(String(poisoned));
      await pause(2_000);
      const latest = Math.max(...(await scene.taken()).keys());
      await scene.innerFaults({});
      await scene.withQueues(retryAll);
      const settled = await scene.settle();
      return {
        settled,
        doublesAtMost: crashTotal * IN_FLIGHT,
        because: `${count(IN_FLIGHT)} in flight at each of ${crashTotal} crashes`,
        checks: [
          check(`the only job dead-lettered, after ${crashTotal} crashes`, isPoison === true),
          check('others were delivered meanwhile', latest > poisoned + perSecond),
          check('delivered after a retry', settled.taken.has(poisoned)),
        ],
      };
    }),
};

/** @param {Queues} queues */
const deadLetters = async (queues) => (await Promise.all(queues.map((queue) => queue.getFailed()))).flat();

/** @param {Queues} queues @returns {Promise<string[]>} */
const deadLetterContents = async (queues) =>
  (await deadLetters(queues)).map(({ data }) => JSON.stringify(data));

/** @param {Queues} queues */
async function retryAll(queues) {
  for (const job of await deadLetters(queues)) await job.retry();
}
