import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pause } from '../pause.mjs';
import { HostileClients } from '../hostile.mjs';
import { allAnswered, check, count, noneExited } from '../scenario.mjs';
import { withScene } from '../scene.mjs';

const IDLE = 10_000;
const IDLE_SHORT = 2_000;
/**
 * Pause after each 200. Node accepts one connection per iteration of its event loop, so those of CometChat wait behind
 * all that came at once: with 10,000 at once, up to 3 s in a process that delivers as well.
 */
const IDLE_EVERY_MS = { redis: 0, embedded: 100 };
/** Open files beyond the idle connections. */
const SPARE_FILES = 1_000;
const SLOW = 100;
const FAST = 5;
const MOST_MB = 1_024;

/** @returns {number} limit of open files per process */
const fileLimit = () =>
  Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).replace('unlimited', '1000000'));

/** @param {number} pid @returns {number} peak memory in MB */
const peakMb = (pid) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

/**
 * CometChat's webhooks are answered in time beside hostile clients.
 *
 * @type {import('../scenario.mjs').Scenario}
 */
export const hostileClients = {
  name: 'hostile-clients',
  title: 'Slow heads, endless and flooded bodies, huge heads, wrong passwords without end, idle connections',
  shortOn: ['redis'],
  play: ({ isShort, outageMs, perSecond }, deployment) =>
    withScene(deployment, {}, async (scene) => {
      const { url } = scene.api;
      const wanted = isShort ? IDLE_SHORT : IDLE;
      const idle = Math.min(wanted, fileLimit() - SPARE_FILES);
      const hostile = new HostileClients(url);
      try {
        scene.post(perSecond);
        await pause(3_000);
        await hostile.idle(idle, IDLE_EVERY_MS[deployment]);
        hostile.slowHeads(SLOW);
        hostile.endlessBodies(SLOW);
        hostile.floodedBodies(FAST);
        hostile.hugeHeads(FAST);
        hostile.wrongPasswords(FAST);
        await pause(2_000);
        const { held } = hostile;
        await pause(outageMs);
        const settled = await scene.settle();
        const memory = Math.round(peakMb(scene.api.process.pid));
        return {
          settled,
          doublesAtMost: 0,
          checks: [
            allAnswered(settled.webhooks),
            check(
              `${count(idle)} idle connections${idle < wanted ? ' (limited by the number of open files)' : ''}, ${count(held)} hostile connections open at once`,
              true,
            ),
            check(`the process used at most ${count(memory)} MB`, memory <= MOST_MB),
            noneExited(scene),
          ],
        };
      } finally {
        hostile.end();
      }
    }),
};
