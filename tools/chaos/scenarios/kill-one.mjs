import { anyMoment } from '../pause.mjs';
import { count, noneExited } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

/**
 * @typedef {object} Victim
 * @property {string} name
 * @property {string} title
 * @property {readonly import('../scenario.mjs').Deployment[]} [on]
 * @property {(scene: import('../scene.mjs').Scene) => import('../scene.mjs').Victim} of
 * @property {boolean} sends killing it leaves messages with unknown outcomes
 */

/** @type {readonly Victim[]} */
const VICTIMS = [
  { name: 'kill-api', title: '`kill -9` of api', on: ['redis'], of: ({ api }) => api, sends: false },
  {
    name: 'kill-worker',
    title: '`kill -9` of worker',
    on: ['redis'],
    of: ({ worker }) => worker,
    sends: true,
  },
  {
    name: 'kill-process',
    title: '`kill -9` of the only process',
    on: ['embedded'],
    of: ({ worker }) => worker,
    sends: true,
  },
  { name: 'kill-redis', title: '`kill -9` of Redis', on: ['redis'], of: ({ queue }) => queue, sends: false },
  { name: 'kill-postgres', title: '`kill -9` of PostgreSQL', of: ({ postgres }) => postgres, sends: true },
];

/**
 * One process is killed repeatedly at random moments and restarted immediately.
 *
 * @type {import('../scenario.mjs').Scenario[]}
 */
export const killOne = VICTIMS.map(({ name, title, on, of, sends }) => ({
  name,
  title,
  ...(on ? { on } : {}),
  play: ({ kills, perSecond }, deployment) =>
    withScene(deployment, {}, async (scene) => {
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
        // An embedded PostgreSQL is restarted by the process.
        checks: [noneExited(scene)],
      };
    }),
}));
