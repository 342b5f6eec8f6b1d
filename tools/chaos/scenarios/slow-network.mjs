import { pause } from '../pause.mjs';
import { count } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

/** @type {readonly { name: string, title: string, of: 'redis' | 'postgres', line: import('../proxy.mjs').Line }[]} */
const LINES = [
  { name: 'slow-redis', title: 'Redis 100 ms away', of: 'redis', line: { state: 'delay', ms: 50 } },
  {
    name: 'slow-postgres',
    title: 'PostgreSQL 100 ms away',
    of: 'postgres',
    line: { state: 'delay', ms: 50 },
  },
  {
    name: 'trickling-redis',
    title: 'The line to Redis carries 20 kB a second',
    of: 'redis',
    line: { state: 'trickle', bytesPerSecond: 20_000 },
  },
  {
    name: 'trickling-postgres',
    title: 'The line to PostgreSQL carries 20 kB a second',
    of: 'postgres',
    line: { state: 'trickle', bytesPerSecond: 20_000 },
  },
  {
    name: 'cut-redis',
    title: 'The line to Redis is cut again and again',
    of: 'redis',
    line: { state: 'cut' },
  },
  {
    name: 'cut-postgres',
    title: 'The line to PostgreSQL is cut again and again',
    of: 'postgres',
    line: { state: 'cut' },
  },
];
const CUT_MS = 3_000;
const WELL_MS = 4_000;

/**
 * A bad network between the processes and a store: slow for the length of an outage, or cut repeatedly.
 *
 * @type {import('../scenario.mjs').Scenario[]}
 */
export const slowNetwork = LINES.map(({ name, title, of, line }) => ({
  name,
  title,
  // The embedded PostgreSQL is reached over a socket file.
  on: ['redis'],
  play: ({ outageMs, kills, perSecond }, deployment) =>
    withScene(deployment, { overLines: true }, async (scene) => {
      const own = scene.lines?.[of];
      const times = line.state === 'cut' ? kills : 1;
      scene.post(perSecond);
      await pause(2_000);
      for (let time = 0; time < times; time++) {
        own?.become(line);
        await pause(line.state === 'cut' ? CUT_MS : outageMs);
        own?.become({ state: 'well' });
        await pause(WELL_MS);
      }
      return {
        settled: await scene.settle(),
        doublesAtMost: times * IN_FLIGHT,
        because: `${count(IN_FLIGHT)} in flight, ${times} times`,
        checks: [],
      };
    }),
}));
