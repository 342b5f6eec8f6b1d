// `npm run bench:search`: time to search a large ledger over HTTP, for a page of 50. `-- --help` lists the options.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withTemporaryPostgres } from '../../scripts/temporary-postgres.mjs';
import { APP_ID } from '../stage/app.mjs';
import { createDatabase } from '../stage/database.mjs';
import { environment } from '../stage/gateway.mjs';
import { writeGatewayConfig } from '../stage/gateway-config.mjs';
import { GatewayProcess } from '../stage/gateway-process.mjs';
import { writeSearchSection } from './performance-page.mjs';
import { aligned, machine, median } from './runs.mjs';
import { fillForSearch, phnoOf, sessionOf, tagOf, tokenOf, uidOf } from './search-ledger.mjs';

const USAGE = `npm run bench:search [-- options]

Fills the ledger of an embedded PostgreSQL and measures each kind of search through a gateway, a page of 50 each.

  --rows N    notifications in the ledger (200000); each has one delivery and one attempt
  --runs N    measurements of each search, each with another value (30)
  --write     write the section of docs/performance.md
`;
const GOAL_MS = 300;
const API_KEY = 'backend-bench-key';

/**
 * @typedef {object} Ledger
 * @property {string} url
 * @property {number} rows
 * @property {number} people
 *
 * A search and what it is expected to find.
 *
 * @typedef {object} Search
 * @property {string} name
 * @property {(n: number, ledger: Ledger) => string} query of the n-th run
 * @property {(found: Page) => boolean} isRight
 *
 * @typedef {{ data: { id: string, uid: string }[], users?: object[], scannedTo: string | null }} Page
 */

/** Spreads runs over the ledger. @param {number} n @param {number} count */
const pick = (n, count) => Math.floor(((n * 0.618_034) % 1) * count);
/** @param {string} text */
const q = (text) => `/v1/search?q=${encodeURIComponent(text)}&limit=50`;
/** @param {string} filter */
const list = (filter) => `/v1/notifications?${filter}&limit=50`;
/** @param {Page} page */
const hasOne = ({ data }) => data.length === 1;
/** @param {Page} page */
const isFull = ({ data }) => data.length === 50;
/** @param {Page} page */
const isEarly = ({ data, scannedTo }) => data.length === 0 && scannedTo !== null;
/** The kinds of notification by their number: see search-ledger.mjs. @param {number} n @param {Ledger} ledger @param {number} kind */
const numberOf = (n, { rows }, kind) => pick(n, Math.floor(rows / 100)) * 100 + kind;
/** @param {number} n */
const unknown = (n) => createHash('md5').update(String(n)).digest('hex');

/** @type {readonly Search[]} */
const SEARCHES = [
  { name: 'uid', query: (n, { people }) => q(uidOf(pick(n, people))), isRight: isFull },
  {
    name: 'beginning of a uid, 10 users',
    query: (n, { people }) => q(uidOf(pick(n, people)).slice(0, -1)),
    isRight: isFull,
  },
  { name: 'beginning of no uid', query: (n) => q(`nobody-${n}`), isRight: isEarly },
  {
    name: 'token',
    query: (n, { people }) => q(tokenOf(pick(n, people))),
    isRight: isFull,
  },
  {
    name: 'phone number of a contact',
    query: (n, { people }) => q(phnoOf(pick(n, Math.min(people, 5)))),
    isRight: ({ users }) => users?.length === 1,
  },
  { name: 'phone number of nobody', query: (n) => q(`+43664${1_000_000 + n}`), isRight: isEarly },
  { name: 'call', query: (n, ledger) => q(sessionOf(numberOf(n, ledger, 5))), isRight: hasOne },
  { name: 'vendor’s id of an SMS', query: (n, ledger) => q(smsId(numberOf(n, ledger, 2))), isRight: hasOne },
  { name: 'vendor’s id of no push', query: (n) => q(`projects/p/messages/${unknown(n)}`), isRight: isEarly },
  {
    name: 'tag of the last 5,000',
    query: (n, { rows }) => q(tagOf(rows - 1 - pick(n, Math.min(rows, 5_000)))),
    isRight: ({ data }) => data.length >= 1,
  },
  { name: 'tag of nothing', query: (n) => q(`9${tagOf(n)}`), isRight: isEarly },
  { name: 'list: newest', query: () => list('channel=push'), isRight: isFull },
  { name: 'list: status', query: () => list('status=failed'), isRight: isFull },
  { name: 'list: reason', query: () => list('reason=token_unregistered'), isRight: isFull },
  { name: 'list: provider', query: () => list('provider=sms'), isRight: isFull },
  { name: 'list: outcome', query: () => list('outcome=refused'), isRight: isFull },
  { name: 'list: reason of none', query: () => list('reason=call_over'), isRight: isEarly },
  { name: 'list: outcome of none', query: () => list('outcome=over_quota'), isRight: isEarly },
];

/** @param {number} n */
const smsId = (n) => `SM${createHash('md5').update(`s${n}`).digest('hex')}`;

/** @param {Ledger} ledger @param {Search} search @param {number} runs @returns {Promise<number[]>} milliseconds */
async function measure(ledger, { name, query, isRight }, runs) {
  const took = [];
  for (let n = 0; n <= runs; n++) {
    const startedAt = performance.now();
    const answer = await fetch(ledger.url + query(n, ledger), { headers: { apikey: API_KEY } });
    const text = await answer.text();
    const ms = performance.now() - startedAt;
    const page = /** @type {Page} */ (JSON.parse(text));
    if (answer.status !== 200 || !isRight(page))
      throw new Error(`${name}: ${answer.status} ${text.slice(0, 500)}`);
    // The first one opens the connections.
    if (n > 0) took.push(ms);
  }
  process.stderr.write('.');
  return took;
}

/** @param {readonly number[]} sorted */
const p99 = (sorted) => sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
/** @param {number} ms */
const written = (ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** @param {string} postgresUrl @param {{ rows: number, runs: number, write: boolean }} options */
async function run(postgresUrl, { rows, runs, write }) {
  const databaseUrl = await createDatabase(postgresUrl);
  const { people } = await fillForSearch(databaseUrl, rows);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-bench-'));
  const config = await writeGatewayConfig(directory, {
    apps: [{ appId: APP_ID, vendorUrl: 'https://localhost:1' }],
    delivery: {},
  });
  const env = environment({ BELLHOP_CONFIG: config, DATABASE_URL: databaseUrl, QUEUE: 'postgres' });
  const gateway = new GatewayProcess({
    name: 'api',
    role: 'api',
    directory,
    env: { ...env, DATA_DIR: directory },
  });
  try {
    await gateway.start();
    const rowsOfTable = [['', 'median', 'p99', 'goal', '']];
    for (const search of SEARCHES) {
      const took = (await measure({ url: gateway.url, rows, people }, search, runs)).sort((a, b) => a - b);
      const verdict = p99(took) <= GOAL_MS ? 'met' : 'missed';
      rowsOfTable.push([search.name, written(median(took)), written(p99(took)), `≤ ${GOAL_MS} ms`, verdict]);
    }
    process.stderr.write('\n');
    const about = `${rows.toLocaleString('en')} notifications with one delivery and one attempt each, ${people.toLocaleString('en')} users, ${runs} searches of each kind over HTTP, a page of 50 each, embedded PostgreSQL on the same machine: ${machine()}`;
    console.log(`${about}\n\n${aligned(rowsOfTable)}`);
    if (write) {
      const [head = [], ...body] = rowsOfTable;
      const lines = [head, ['---', '---:', '---:', '---:', '---'], ...body].map(
        (cells) => `| ${cells.join(' | ')} |`,
      );
      await writeSearchSection(
        `Written by \`npm run bench:search -- --rows ${rows} --write\`: ${about}. Searches without a match look at the newest 20,000 notifications, or 8,000 if they read attempts.\n\n${lines.join('\n')}`,
      );
    }
  } finally {
    await gateway.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** @param {string | undefined} text @param {number} unset */
function wholeNumber(text, unset) {
  const value = Number(text ?? unset);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error('--rows and --runs take a whole number.');
  return value;
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    runs: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
} else {
  const options = {
    rows: wholeNumber(values.rows, 200_000),
    runs: wholeNumber(values.runs, 30),
    write: values.write,
  };
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-needed'], { stdio: 'inherit' });
  await withTemporaryPostgres((url) => run(url, options));
}
