import { clockSteps } from './scenarios/clock-steps.mjs';
import { disksFull } from './scenarios/disk-full.mjs';
import { frozenWorker } from './scenarios/frozen-worker.mjs';
import { hostileClients } from './scenarios/hostile-clients.mjs';
import { killOne } from './scenarios/kill-one.mjs';
import { poison } from './scenarios/poison.mjs';
import { postgresGone } from './scenarios/postgres-gone.mjs';
import { powerCuts } from './scenarios/power-cut.mjs';
import { queueOutages } from './scenarios/queue-gone.mjs';
import { redisGroups } from './scenarios/redis-groups.mjs';
import { rollingRestart } from './scenarios/rolling-restart.mjs';
import { slowNetwork } from './scenarios/slow-network.mjs';
import { vendorFails } from './scenarios/vendor-fails.mjs';

/** All scenarios in execution order. @type {readonly import('./scenario.mjs').Scenario[]} */
export const SCENARIOS = [
  ...killOne,
  ...powerCuts,
  ...queueOutages,
  ...redisGroups,
  postgresGone,
  ...vendorFails,
  ...slowNetwork,
  poison,
  frozenWorker,
  ...disksFull,
  ...clockSteps,
  rollingRestart,
  hostileClients,
];
