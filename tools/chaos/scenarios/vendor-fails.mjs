import { now } from '../../stage/clock.mjs';
import { pause } from '../pause.mjs';
import { check, count, DEPLOYMENTS } from '../scenario.mjs';
import { APP_IDS, IN_FLIGHT, withScene } from '../scene.mjs';
import { goesOn } from '../side-by-side.mjs';

/**
 * @typedef {import('../scene.mjs').Scene} Scene
 *
 * @typedef {object} Fault
 * @property {string} name
 * @property {string} title
 * @property {boolean} [isShort] part of the short form
 * @property {boolean} [isLong] takes `longOutageMs`
 * @property {(scene: Scene) => Promise<void>} begin
 * @property {(scene: Scene) => Promise<void>} [end]
 */

const [HEALTHY_APP, FAILING_APP] = APP_IDS;
const BEFORE_MS = 5_000;
/** Of fifty attempts per delivery. */
const MAX_ATTEMPTS = 15;

/** @param {import('../../stage/programs/vendor-stand-in.mjs').Behaviour} behaviour */
const behaves =
  (behaviour) =>
  (/** @type {Scene} */ { vendors }) =>
    vendors[1]?.behave(behaviour) ?? Promise.resolve();

/** @type {readonly Fault[]} */
const FAULTS = [
  {
    name: 'vendor-hangs',
    title: 'A vendor that never answers',
    isShort: true,
    begin: behaves({ mode: 'hang' }),
  },
  { name: 'vendor-resets', title: 'A vendor that resets connections', begin: behaves({ mode: 'reset' }) },
  {
    name: 'vendor-slow',
    title: 'A vendor that answers after 2 s',
    begin: behaves({ mode: 'slow', latencyMs: 2_000 }),
  },
  { name: 'vendor-garbage', title: 'A vendor that answers garbage', begin: behaves({ mode: 'garbage' }) },
  { name: 'vendor-5xx', title: 'A vendor that answers 503', isLong: true, begin: behaves({ mode: 'error' }) },
  {
    name: 'vendor-over-quota',
    title: 'A vendor over quota (429, `Retry-After`)',
    begin: behaves({ mode: 'quota', retryAfterS: 5 }),
  },
  {
    name: 'vendor-certificate',
    title: "A vendor's certificate has expired",
    begin: behaves({ mode: 'expired' }),
  },
  {
    name: 'vendor-dns',
    title: "A vendor's name does not resolve",
    begin: async (scene) => {
      await scene.innerFaults({ unknownHost: 'localhost' });
      // Open connections need no name resolution.
      await scene.vendors[1]?.behave({ mode: 'reset' });
      await pause(500);
      await scene.vendors[1]?.behave({ mode: 'well' });
    },
    end: (scene) => scene.innerFaults({}),
  },
];

/**
 * One app's vendor fails for a while; another app with a healthy vendor is unaffected.
 *
 * @type {import('../scenario.mjs').Scenario[]}
 */
export const vendorFails = FAULTS.map(({ name, title, isShort = false, isLong = false, begin, end }) => ({
  name,
  title,
  shortOn: isShort ? DEPLOYMENTS : [],
  play: ({ outageMs, longOutageMs, perSecond }, deployment) =>
    withScene(deployment, { twoApps: true }, async (scene) => {
      scene.post(perSecond);
      // Warm-up of code and connections.
      await pause(3_000);
      const startedAt = now();
      await pause(BEFORE_MS);
      await begin(scene);
      const failsAt = now();
      await pause(isLong ? longOutageMs : outageMs);
      const wellAt = now();
      await end?.(scene);
      await scene.vendors[1]?.behave({ mode: 'well' });
      await pause(2_000);
      const settled = await scene.settle();
      /** @type {{ attempts: number, failed: number }[]} */
      const [worst] = await scene.query(
        `SELECT max(attempts) AS attempts,
                count(*) FILTER (WHERE d.status = 'failed' AND d.reason <> 'outcome_unknown')::int AS failed
         FROM delivery d JOIN notification n ON n.id = d.notification_id WHERE n.app_id = $1`,
        [FAILING_APP],
      );
      const { attempts = 0, failed = 0 } = worst ?? {};
      return {
        settled,
        doublesAtMost: IN_FLIGHT,
        because: `${count(IN_FLIGHT)} in flight when it began`,
        checks: [
          goesOn(
            settled,
            HEALTHY_APP,
            { from: startedAt, to: startedAt + BEFORE_MS },
            { from: failsAt, to: wellAt },
          ),
          check(
            `no delivery took more than ${attempts} of its 50 attempts, ${failed} failed`,
            attempts <= MAX_ATTEMPTS && failed === 0,
          ),
        ],
      };
    }),
}));
