import { anyMoment, pause } from '../pause.mjs';
import { count, DEPLOYMENTS } from '../scenario.mjs';
import { IN_FLIGHT, withScene } from '../scene.mjs';

/** Delay between the first and the second group. */
const LATER_MS = 3_000;

/**
 * Everything is killed at once and restarted: the stores before the gateway's processes, or after them.
 *
 * @param {'stores' | 'processes'} isFirst
 * @returns {import('../scenario.mjs').Scenario}
 */
const powerCut = (isFirst) => ({
  name: `power-cut-${isFirst}-first`,
  title: `\`kill -9\` of everything at once; ${isFirst} come back first`,
  // A single process starts its PostgreSQL itself.
  ...(isFirst === 'stores' ? { on: ['redis'] } : { shortOn: DEPLOYMENTS }),
  play: ({ kills, perSecond }, deployment) =>
    withScene(deployment, {}, async (scene) => {
      const { stores, services } = scene;
      const cuts = Math.ceil(kills / 2);
      scene.post(perSecond);
      for (let times = 0; times < cuts; times++) {
        await anyMoment(2_000, 5_000);
        await Promise.all([...stores, ...services].map((one) => one.kill()));
        const startStores = () => Promise.all(stores.map((store) => store.start()));
        const startProcesses = () => Promise.all(services.map((service) => service.start()));
        if (isFirst === 'stores') {
          await startStores();
          await pause(LATER_MS);
          await startProcesses();
        } else {
          const processes = startProcesses();
          await pause(LATER_MS);
          await startStores();
          await processes;
        }
      }
      await anyMoment(1_000, 2_000);
      return {
        settled: await scene.settle(),
        doublesAtMost: cuts * IN_FLIGHT,
        because: `${count(IN_FLIGHT)} in flight at each of ${cuts} cuts`,
        checks: [],
      };
    }),
});

export const powerCuts = [powerCut('stores'), powerCut('processes')];
