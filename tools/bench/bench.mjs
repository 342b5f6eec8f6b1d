// `npm run bench`: measures the gateway and verifies that nothing is lost. `-- --help` lists the options.
import { execFileSync } from 'node:child_process';
import { withTemporaryPostgres } from '../../scripts/temporary-postgres.mjs';
import { hasRedisServer } from '../../scripts/temporary-redis.mjs';
import { figureTable, isMet } from './figures.mjs';
import { readOptions, USAGE } from './options.mjs';
import { burst } from './parts/burst.mjs';
import { delivery } from './parts/delivery.mjs';
import { embedded } from './parts/embedded.mjs';
import { growth } from './parts/growth.mjs';
import { hanging } from './parts/hanging.mjs';
import { intake } from './parts/intake.mjs';
import { memory } from './parts/memory.mjs';
import { processes } from './parts/processes.mjs';
import { ring } from './parts/ring.mjs';
import { workers } from './parts/workers.mjs';
import { writePerformancePage } from './performance-page.mjs';
import { machine } from './runs.mjs';
import { checked } from '../stage/checks.mjs';
import { breakOff } from '../stage/children.mjs';
import { Load } from '../stage/load.mjs';
import { Vendor } from '../stage/vendor.mjs';

/**
 * The input of every part.
 *
 * @typedef {object} Bench
 * @property {import('./options.mjs').Options} options
 * @property {string} postgresUrl
 * @property {Vendor} vendor
 * @property {Load} load
 *
 * @typedef {import('./figures.mjs').Findings} Findings
 */

/** @type {Readonly<Record<string, (bench: Bench) => Promise<Findings>>>} */
const PARTS = { intake, burst, delivery, embedded, ring, hanging, memory, growth, workers, processes };

/** @param {import('./options.mjs').Options} options @returns {Promise<boolean>} whether all parts completed */
async function run(options) {
  /** @type {Findings} */
  const all = { figures: [], notes: [] };
  let isGood = true;
  await withTemporaryPostgres(async (postgresUrl) => {
    const vendor = await Vendor.start();
    const load = new Load();
    try {
      for (const name of options.parts) {
        process.stderr.write(`${name} `);
        const part = PARTS[name];
        if (!part) continue;
        try {
          const { figures, notes } = await part({ options, postgresUrl, vendor, load });
          console.log(`\n${figureTable(figures)}\n${notes.join('\n')}`);
          all.figures.push(...figures);
          all.notes.push(...notes);
        } catch (error) {
          if (interruptedBy) throw new Error(`Stopped by ${interruptedBy}.`, { cause: error });
          isGood = false;
          console.error(`\n${name} failed:`, error);
        }
      }
    } finally {
      await Promise.all([vendor.stop(), load.stop()]);
    }
  });
  const missed = all.figures.filter((figure) => isMet(figure) === false);
  console.log(`\n${figureTable(all.figures)}\n`);
  console.log(
    `${checked.runs} runs on ${machine()}, ${checked.acknowledged.toLocaleString('en')} events acknowledged`,
  );
  console.log(isGood ? 'Nothing was lost or delivered twice.' : 'NOT ALL PARTS COMPLETED.');
  if (missed.length > 0) console.log(`Missed: ${missed.map(({ name }) => name).join('; ')}.`);
  if (options.write && isGood) await writePerformancePage(all, options);
  return isGood;
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
  console.log(`${USAGE}\nParts: ${Object.keys(PARTS).join(', ')}`);
} else {
  try {
    if (!hasRedisServer()) throw new Error('redis-server is not on the PATH.');
    const options = readOptions(process.argv.slice(2), Object.keys(PARTS));
    execFileSync(process.execPath, ['scripts/build.mjs', '--if-needed'], { stdio: 'inherit' });
    process.exitCode = (await run(options)) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
