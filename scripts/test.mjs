// `npm test [-- <arguments of jest>]`: the whole suite on the embedded default (PostgreSQL carries the queue), and,
// where a Redis is at hand, the end-to-end tests a second time on it.
//
// One PostgreSQL serves all spec files; each makes a database of its own on it. In the Redis round TEST_REDIS_URL
// says where the queue runs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { withTemporaryPostgres } from './temporary-postgres.mjs';
import { hasRedisServer, withTemporaryRedis } from './temporary-redis.mjs';

/**
 * @typedef {{ passed: number, failed: number }} Counts
 * @typedef {{ title: string, status: number, counts: Counts }} Round
 * @typedef {{ name: string, status: string, assertionResults: { status: string }[] }} FileReport
 * @typedef {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number,
 *   testResults: FileReport[] }} JestReport
 */

const JEST = createRequire(import.meta.url).resolve('jest/bin/jest');
const NEED_A_QUEUE = ['test/e2e'].filter((directory) => existsSync(directory));
const { REDIS_URL: redisUrl = '', DATABASE_URL: _unused, ...environment } = process.env;
const args = process.argv.slice(2);
const isWatching = args.some((arg) => arg.startsWith('--watch'));
/** Where more files than this fail, it was no accident of time. */
const TRIED_AGAIN_AT_MOST = 3;

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;
let interrupted = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

/**
 * Runs jest, and those few files that failed once more, by themselves: many tests play with real processes and stores,
 * and a machine that others share may hold one of them up for seconds. What was tried again is named.
 *
 * @param {string} title
 * @param {readonly string[]} more arguments beside the caller's
 * @param {Record<string, string>} settings environment variables
 * @returns {Promise<Round>}
 */
async function round(title, more, settings) {
  console.log(`\nTests on ${title}\n`);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-tests-'));
  const outputFile = path.join(directory, 'results.json');
  try {
    const report = isWatching ? [] : ['--json', `--outputFile=${outputFile}`];
    const status = await jest([...args, ...more, ...report], settings);
    const first = { title, status, counts: await countsOf(outputFile) };
    const failed = (await reportIn(outputFile))?.testResults.filter((file) => file.status === 'failed') ?? [];
    if (interrupted || failed.length === 0 || failed.length > TRIED_AGAIN_AT_MOST) return first;
    const names = failed.map(({ name }) => path.relative('.', name));
    console.log(`\nTried again by themselves: ${names.join(', ')}\n`);
    const again = await jest(['--runInBand', '--runTestsByPath', ...names, ...report], settings);
    const counts = await countsOf(outputFile);
    const passedBefore = failed.flatMap(({ assertionResults }) =>
      assertionResults.filter((test) => test.status === 'passed'),
    ).length;
    const passed = first.counts.passed - passedBefore + counts.passed;
    return {
      title: `${title} (tried again: ${names.join(', ')})`,
      status: again,
      counts: { passed, failed: counts.failed },
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} jestArgs
 * @param {Record<string, string>} settings
 * @returns {Promise<number>} the exit code
 */
function jest(jestArgs, settings) {
  const options = [
    environment['NODE_OPTIONS'],
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
  ];
  const child = spawn(process.execPath, [JEST, ...jestArgs], {
    // With --json jest prints its report to standard output as well; what people read is on standard error.
    stdio: ['inherit', isWatching ? 'inherit' : 'ignore', 'inherit'],
    env: { ...environment, ...settings, NODE_OPTIONS: options.filter(Boolean).join(' ') },
  });
  running = child;
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/**
 * @param {string} outputFile
 * @returns {Promise<Counts>} a spec file that could not be run at all counts as one failed test
 */
async function countsOf(outputFile) {
  const results = await reportIn(outputFile);
  if (!results) return { passed: 0, failed: 0 };
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
  };
}

/** @param {string} outputFile @returns {Promise<JestReport | undefined>} undefined where jest wrote none */
async function reportIn(outputFile) {
  if (!existsSync(outputFile)) return undefined;
  return /** @type {JestReport} */ (JSON.parse(await readFile(outputFile, 'utf8')));
}

/** @param {string} databaseUrl @returns {Promise<Round[]>} */
async function rounds(databaseUrl) {
  const settings = { TEST_DATABASE_URL: databaseUrl };
  const done = [await round('the embedded default: the queue runs on PostgreSQL', [], settings)];
  if (interrupted || isWatching || NEED_A_QUEUE.length === 0) return done;
  if (redisUrl === '' && !hasRedisServer()) {
    console.log('\nNot run on Redis: REDIS_URL is not set, and no redis-server is on the PATH.');
    return done;
  }
  // --roots keeps to the tests that use a queue, whatever the caller's own arguments pick among them.
  const only = [...NEED_A_QUEUE.flatMap((directory) => ['--roots', directory]), '--passWithNoTests'];
  const onRedis = (/** @type {string} */ url, /** @type {string} */ title) =>
    round(title, only, { ...settings, TEST_REDIS_URL: url });
  done.push(
    redisUrl === ''
      ? await withTemporaryRedis((url) => onRedis(url, 'Redis: a redis-server of their own'))
      : await onRedis(redisUrl, 'Redis: the one of REDIS_URL'),
  );
  return done;
}

const done = await withTemporaryPostgres(rounds);
const sum = (/** @type {keyof Counts} */ key) => done.reduce((total, { counts }) => total + counts[key], 0);
const total = { passed: sum('passed'), failed: sum('failed') };
const isGood = !interrupted && total.failed === 0 && done.every(({ status }) => status === 0);
if (process.env['TEST_SUMMARY_FILE'])
  await writeFile(process.env['TEST_SUMMARY_FILE'], JSON.stringify(total));
if (!isWatching) {
  console.log('');
  for (const { title, status, counts } of done) {
    const verdict = status === 0 ? '' : `, jest ended with ${status}`;
    console.log(`${counts.passed} passed, ${counts.failed} failed${verdict} on ${title}`);
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
}
process.exitCode = isGood ? 0 : 1;
