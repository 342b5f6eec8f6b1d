// `npm run bench:console`: time to the first page and to a list of a large ledger in Chromium, and the cost of event
// streams and tallies. `-- --help` lists the options.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { withTemporaryPostgres } from '../../scripts/temporary-postgres.mjs';
import { hasRedisServer } from '../../scripts/temporary-redis.mjs';
import { APP_ID } from '../stage/app.mjs';
import { checked } from '../stage/checks.mjs';
import { breakOff } from '../stage/children.mjs';
import { createDatabase, dropDatabase } from '../stage/database.mjs';
import { environment } from '../stage/gateway.mjs';
import { writeGatewayConfig } from '../stage/gateway-config.mjs';
import { GatewayProcess } from '../stage/gateway-process.mjs';
import { Load } from '../stage/load.mjs';
import { Vendor } from '../stage/vendor.mjs';
import { withBrowser } from './console/browser.mjs';
import {
  FIRST_PAGE_MS,
  isFast,
  LIST_MS,
  markdownTimes,
  tallyFigures,
  timeTable,
} from './console/findings.mjs';
import { measureFirstPages } from './console/first-page.mjs';
import { measureList } from './console/list.mjs';
import { readOptions, USAGE } from './console/options.mjs';
import { fillTallies } from './console/recent-ledger.mjs';
import { measureStreams } from './console/streams.mjs';
import { measureTallies } from './console/tallies.mjs';
import { figureTable, isMet, markdownTable } from './figures.mjs';
import { writeConsoleSection } from './performance-page.mjs';
import { machine, median } from './runs.mjs';
import { fillForSearch } from './search-ledger.mjs';

/**
 * @typedef {import('./console/options.mjs').Options} Options
 * @typedef {import('./console/findings.mjs').Times} Times
 * @typedef {import('./figures.mjs').Findings} Findings
 * @typedef {{ times: Times[], notes: string[] }} Pages
 */

/** The console of one process with every role, on a large ledger. @param {string} postgresUrl @param {Options} options @returns {Promise<Pages>} */
async function measurePages(postgresUrl, { rows, runs }) {
  const databaseUrl = await createDatabase(postgresUrl);
  const { people } = await fillForSearch(databaseUrl, rows);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-bench-'));
  const config = await writeGatewayConfig(directory, {
    apps: [{ appId: APP_ID, vendorUrl: 'https://localhost:1' }],
    delivery: {},
  });
  const settings = { BELLHOP_CONFIG: config, DATABASE_URL: databaseUrl, QUEUE: 'postgres' };
  const env = environment({ ...settings, DATA_DIR: directory });
  const gateway = new GatewayProcess({ name: 'all', role: 'all', directory, env });
  try {
    await gateway.start();
    await fillTallies(databaseUrl);
    const { url } = gateway;
    return await withBrowser(async (browser) => {
      const { overview, login } = await measureFirstPages({ browser, url, runs });
      const lists = await measureList({ browser, url, people, runs });
      const kB = (/** @type {number[]} */ bytes) => (median(bytes) / 1_000).toFixed(1);
      return {
        times: [
          { name: 'first page, logged in: overview', ms: overview.interactiveMs, goalMs: FIRST_PAGE_MS },
          { name: 'first page: login', ms: login.interactiveMs, goalMs: FIRST_PAGE_MS },
          ...lists.map(({ name, paintedMs }) => ({
            name: `list of 50: ${name}`,
            ms: paintedMs,
            goalMs: LIST_MS,
          })),
        ],
        notes: [
          `Over the wire came ${kB(overview.bytes)} kB for the overview with its data, ${kB(login.bytes)} kB for the login, headers included.`,
        ],
      };
    });
  } finally {
    await gateway.stop();
    await rm(directory, { recursive: true, force: true });
    await dropDatabase(postgresUrl, databaseUrl);
  }
}

/** Costs of streams and tallies. @param {string} postgresUrl @param {Options} options @returns {Promise<Findings>} */
async function measureCosts(postgresUrl, { pairs, runMs, deliveries, writes }) {
  const vendor = await Vendor.start();
  const load = new Load();
  try {
    const streams = await measureStreams({ postgresUrl, vendor, load, pairs, runMs, deliveries });
    const tallies = await measureTallies({ postgresUrl, writes });
    const delivered = {
      perSecond: median(streams.delivered.map(({ perSecond }) => perSecond)),
      cpuMicros: median(streams.delivered.map(({ cpuMicros }) => cpuMicros)),
    };
    return {
      figures: [...streams.figures, ...tallyFigures(tallies, delivered)],
      notes: [
        ...streams.notes,
        `Tallies: a write of ${tallies.rows} rows, by \`api\` and \`worker\` every ten seconds, at the deliveries per second above.`,
      ],
    };
  } finally {
    await Promise.all([vendor.stop(), load.stop()]);
  }
}

/** @param {Options} options */
async function run(options) {
  const has = (/** @type {import('./console/options.mjs').Part} */ part) => options.parts.includes(part);
  await withTemporaryPostgres(async (postgresUrl) => {
    const pages = has('pages') ? await measurePages(postgresUrl, options) : { times: [], notes: [] };
    console.log(`\n${timeTable(pages.times)}\n${pages.notes.join('\n')}\n`);
    const costs = has('costs') ? await measureCosts(postgresUrl, options) : { figures: [], notes: [] };
    console.log(`\n${figureTable(costs.figures)}\n${costs.notes.join('\n')}\n`);
    console.log(
      `${machine()}; ${checked.acknowledged.toLocaleString('en')} webhooks acknowledged in ${checked.runs} runs, none lost or delivered twice.`,
    );
    const missed = [
      ...pages.times.filter((one) => !isFast(one)),
      ...costs.figures.filter((figure) => isMet(figure) === false),
    ];
    if (missed.length > 0) console.log(`Missed: ${missed.map(({ name }) => name).join('; ')}.`);
    if (options.write) await writeConsoleSection(sectionOf(options, pages, costs));
  });
}

/** @param {Options} options @param {Pages} pagesFound @param {Findings} found */
function sectionOf({ rows, runs, pairs, runMs, deliveries }, { times, notes }, found) {
  const many = (/** @type {number} */ n) => n.toLocaleString('en');
  return `Written by \`npm run bench:console -- --write\`: ${machine()}, which gateway, PostgreSQL and Chromium share.

${markdownTimes(times)}

- One process with \`ROLE=all\` on the embedded PostgreSQL, ${many(rows)} notifications with one delivery and one attempt each, and an hour of statistics. ${runs} measurements each, after one that is not counted.
- The first page counts from the navigation to \`/admin/\` in a new browser context, thus with an empty cache, until every part of the page has its data, all plots are painted, and no task of more than 50 ms runs within the next 500 ms; the end of the last such task counts. The login is ready when its field has the focus.
- A list counts from the event of the click or choice until the second frame after all 50 rows are in the document. None of them was in the browser before.
${notes.map((note) => `- ${note}`).join('\n')}

${markdownTable(found.figures)}

- Without and with ${many(50)} streams, \`api\` and \`worker\` on Redis with \`appendfsync everysec\` alternated ${pairs} times after a warm-up: webhooks for ${runMs / 1_000} s by \`api\` alone, and ${many(deliveries)} deliveries by both. A ratio compares two adjacent runs.
${found.notes.map((note) => `- ${note}`).join('\n')}
- ${many(checked.acknowledged)} webhooks were acknowledged, none was lost, none was delivered twice.`;
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, breakOff);

if (process.argv.includes('--help')) {
  console.log(USAGE);
} else {
  try {
    if (!hasRedisServer()) throw new Error('redis-server is not on the PATH.');
    const options = readOptions(process.argv.slice(2));
    execFileSync(process.execPath, ['scripts/build.mjs', '--if-needed'], { stdio: 'inherit' });
    await run(options);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
}
