// `npm run chaos`: injects failures while webhooks arrive, and verifies that nothing is lost. `-- --help` lists the
// options.
import { execFileSync } from 'node:child_process';
import { machine } from '../bench/runs.mjs';
import { hasRedisServer } from '../../scripts/temporary-redis.mjs';
import { breakOff } from '../stage/children.mjs';
import { writeChaosPage } from './chaos-page.mjs';
import { everyRunOf, readOptions, USAGE } from './options.mjs';
import { isGood, lineOf, nameOf, resultTable } from './report.mjs';
import { SCENARIOS } from './scenarios.mjs';

/** @typedef {import('./report.mjs').Result} Result */

/** @param {import('./options.mjs').Options} options @returns {Promise<boolean>} whether all scenarios passed */
async function run({ runs, sizes, write }) {
  /** @type {Result[]} */
  const results = [];
  for (const one of runs) {
    const result = await play(one, sizes);
    if (interruptedBy) throw new Error(`Stopped by ${interruptedBy}.`);
    console.log(lineOf(result));
    results.push(result);
    if (write) await writeChaosPage(result, everyRunOf(SCENARIOS), sizes);
  }
  console.log(`\n${resultTable(results)}\n\n${machine()}`);
  const bad = results.filter((result) => !isGood(result));
  console.log(bad.length === 0 ? 'Nothing was lost.' : `FAILED: ${bad.map(nameOf).join(', ')}.`);
  return bad.length === 0;
}

/** @param {import('./scenario.mjs').Run} run @param {import('./options.mjs').Sizes} sizes @returns {Promise<Result>} */
async function play({ scenario, deployment }, sizes) {
  const startedAt = performance.now();
  const tookMs = () => performance.now() - startedAt;
  const unplayed = scenario.unplayable?.();
  if (unplayed !== undefined) return { scenario, deployment, unplayed, tookMs: 0 };
  try {
    const outcome = await scenario.play(sizes, deployment);
    return { scenario, deployment, outcome, tookMs: tookMs() };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { scenario, deployment, failure, tookMs: tookMs() };
  }
}

/** @type {NodeJS.Signals | undefined} */
let interruptedBy;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => {
    interruptedBy = signal;
    breakOff();
  });
}

if (process.argv.includes('--help')) {
  console.log(USAGE);
} else {
  try {
    const options = readOptions(process.argv.slice(2), SCENARIOS);
    if (options.list) {
      for (const { scenario, deployment } of options.runs) {
        const { name, title, shortOn = [] } = scenario;
        const end = shortOn.includes(deployment) ? ' [short]' : '';
        console.log(`${name.padEnd(28)}${deployment.padEnd(10)}${title}${end}`);
      }
    } else {
      if (!hasRedisServer()) throw new Error('redis-server is not on the PATH.');
      execFileSync(process.execPath, ['scripts/build.mjs', '--if-needed'], { stdio: 'inherit' });
      process.exitCode = (await run(options)) ? 0 : 1;
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
