import { anyMoment } from '../pause.mjs';
import { count } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

/**
 * @typedef {object} Victim
 * @property {string} name
 * @property {string} title
 * @property {(scene: import('../scene.mjs').Scene) => { kill(): Promise<void>, start(): Promise<void> }} of
 * @property {boolean} sends killing it leaves messages with unknown outcomes
 */

/** @type {readonly Victim[]} */
const VICTIMS = [
  { name: 'kill-api', title: '`kill -9` of api', of: ({ api }) => api, sends: false },
  { name: 'kill-worker', title: '`kill -9` of worker', of: ({ worker }) => worker, sends: true },
  { name: 'kill-redis', title: '`kill -9` of Redis', of: ({ redis }) => redis, sends: false },
  { name: 'kill-postgres', title: '`kill -9` of PostgreSQL', of: ({ postgres }) => postgres, sends: true },
];

/**
 * One process is killed repeatedly at random moments and restarted immediately.
 *
 * @type {import('../scenario.mjs').Scenario[]}
 */
export const killOne = VICTIMS.map(({ name, title, of, sends }) => ({
  name,
  title,
  play: ({ kills, perSecond }) =>
    withScene({}, async (scene) => {
      const victim = of(scene);
      scene.post(perSecond);
      for (let times = 0; times < kills; times++) {
        await anyMoment(1_000, 4_000);
        await victim.kill();
        await victim.start();
      }
      await anyMoment(1_000, 2_000);
      const settled = await scene.settle();
      return {
        settled,
        doublesAtMost: sends ? kills * IN_FLIGHT : 0,
        because: sends ? `${count(IN_FLIGHT)} in flight at each of ${kills} kills` : 'no sender is killed',
        checks: [],
      };
    }),
}));
