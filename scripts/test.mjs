// `npm test [-- <arguments of jest>]`: all tests on the embedded default (PostgreSQL carries the queue), and, if
// Redis is available, those of `test/e2e/queue` again on it. With `--faults`: the tests of `test/faults`, which
// kill, pause, restart and cut off real processes and stores, on both. With `--browser`: the tests of `test/browser`, which
// use the built console in Chromium, on the embedded default.
//
// One PostgreSQL serves all spec files; each creates a database of its own on it. In the Redis round TEST_REDIS_URL
// is the queue's address. TEST_SLOWNESS multiplies the tests' timeouts, which suit a fast idle machine.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { CHROMIUM_NAMES, findChromium } from './find-chromium.mjs';
import { runToEnd } from './run-to-end.mjs';
import { measureSlowness } from './slowness.mjs';
import { withTemporaryPostgres } from './temporary-postgres.mjs';
import { hasRedisServer, withTemporaryRedis } from './temporary-redis.mjs';

/**
 * @typedef {{ passed: number, failed: number }} Counts
 * @typedef {{ title: string, status: number, counts: Counts }} Round
 * @typedef {{ name: string, startTime: number, endTime: number }} FileReport
 * @typedef {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number,
 *   testResults: FileReport[] }} JestReport
 */

const JEST = createRequire(import.meta.url).resolve('jest/bin/jest');
const FAULTS = 'test/faults';
const BROWSER = 'test/browser';
/** Tests that run on both stores. */
const ON_BOTH_STORES = 'test/e2e/queue';
const SLOWEST_SHOWN = 10;
/** Each worker runs a Chromium of its own. */
const BROWSERS = 2;
/** As in jest.config.mjs. */
const TEST_TIMEOUT_MS = 300_000;
const { REDIS_URL: redisUrl = '', DATABASE_URL: _unused, ...environment } = process.env;
const args = process.argv.slice(2).filter((arg) => arg !== '--faults' && arg !== '--browser');
const isFaults = process.argv.includes('--faults');
const isBrowser = process.argv.includes('--browser');
const isWatching = args.some((arg) => arg.startsWith('--watch'));

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
 * Runs jest once.
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
    const results = existsSync(outputFile)
      ? /** @type {JestReport} */ (JSON.parse(await readFile(outputFile, 'utf8')))
      : undefined;
    if (results) showSlowest(results);
    return { title, status, counts: countsOf(results) };
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
    // With --json jest also prints its report to standard output; its readable output is on standard error.
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
 * @param {JestReport | undefined} results
 * @returns {Counts} a spec file that could not run counts as one failed test
 */
function countsOf(results) {
  if (!results) return { passed: 0, failed: 0 };
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
  };
}

/** @param {JestReport} results */
function showSlowest({ testResults }) {
  const slowest = testResults
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1_000 }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST_SHOWN)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${path.relative('.', name)}`);
  console.log(['\nSlowest files:', ...slowest].join('\n'));
}

/** Builds what the browser loads. Without a Chromium, ends the process. */
async function prepareBrowser() {
  if (findChromium() === undefined) {
    console.error(
      `No Chromium on the PATH (${CHROMIUM_NAMES.join(', ')}): install it, as with \`apt-get install chromium\`.`,
    );
    process.exit(1);
  }
  const { code, signal } = await runToEnd(['scripts/build.mjs', '--if-needed']);
  if (code !== 0 || signal !== null) process.exit(code ?? 1);
}

/** @param {string} databaseUrl @returns {Promise<Round[]>} */
async function rounds(databaseUrl) {
  const slowness = await measureSlowness();
  console.log(`Test timeouts are multiplied by ${slowness.toFixed(1)} for this machine.`);
  args.push(`--testTimeout=${Math.round(TEST_TIMEOUT_MS * slowness)}`);
  const settings = { TEST_DATABASE_URL: databaseUrl, TEST_SLOWNESS: String(slowness) };
  const first = isFaults
    ? ['--roots', FAULTS]
    : isBrowser
      ? ['--roots', BROWSER, `--maxWorkers=${BROWSERS}`]
      : ['/node_modules/', `/${FAULTS}/`, `/${BROWSER}/`].map((part) => `--testPathIgnorePatterns=${part}`);
  const done = [await round('the embedded default: the queue is on PostgreSQL', first, settings)];
  if (interrupted || isWatching || isBrowser) return done;
  if (redisUrl === '' && !hasRedisServer()) {
    console.log('\nNot run on Redis: REDIS_URL is not set, and no redis-server is on the PATH.');
    return done;
  }
  // --roots limits the round to these tests; the caller's arguments select among them.
  const only = ['--roots', isFaults ? FAULTS : ON_BOTH_STORES, '--passWithNoTests'];
  const onRedis = (/** @type {string} */ url, /** @type {string} */ title) =>
    round(title, only, { ...settings, TEST_REDIS_URL: url });
  done.push(
    redisUrl === ''
      ? await withTemporaryRedis((url) => onRedis(url, 'Redis: a temporary redis-server'))
      : await onRedis(redisUrl, 'Redis: the one of REDIS_URL'),
  );
  return done;
}

if (isBrowser) await prepareBrowser();
const done = await withTemporaryPostgres(rounds, { survivesPowerCut: false });
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
