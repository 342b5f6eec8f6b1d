import { acknowledgedOf, checkQueued } from '../../stage/checks.mjs';
import { hear, startScript, stop } from '../../stage/children.mjs';
import { deliver } from '../../stage/deliver.mjs';
import { withGateway } from '../../stage/gateway.mjs';
import { ratios } from '../figures.mjs';
import { takeTurns } from '../runs.mjs';
import { withNewNotifications } from './recent-ledger.mjs';

/**
 * @typedef {import('../programs/event-readers.mjs').Read} Read
 * @typedef {import('../../stage/gateway.mjs').Gateway} Gateway
 * @typedef {import('../runs.mjs').Run} Run
 *
 * @typedef {object} StreamsOptions
 * @property {string} postgresUrl
 * @property {import('../../stage/vendor.mjs').Vendor} vendor
 * @property {import('../../stage/load.mjs').Load} load
 * @property {number} pairs
 * @property {number} runMs
 * @property {number} deliveries
 */

export const STREAMS = 50;
/** As many as a look at the ledger gives to a stream. */
export const NEW_PER_SECOND = 200;
const CONNECTIONS = 50;
const READERS = new URL('../programs/event-readers.mjs', import.meta.url);
/** The part of the throughput that must be left. */
const GOAL = { atLeast: 0.95 };

/**
 * Throughput without and with open event streams, alternating.
 *
 * @param {StreamsOptions} options
 * @returns {Promise<import('../figures.mjs').Findings & { delivered: Run[] }>} `delivered`: without streams
 */
export async function measureStreams(options) {
  const readers = startScript(READERS);
  try {
    const { postgresUrl, vendor } = options;
    const stores = { postgresUrl, vendorUrl: vendor.url };
    const intake = await withGateway(stores, (gateway) => intakeRates(gateway, readers, options));
    const delivered = await withGateway(stores, (gateway) => deliveryRates(gateway, readers, options));
    return {
      figures: [
        ...figuresOf('webhooks answered by api alone', intake.found),
        ...figuresOf('deliveries, webhook to vendor', delivered),
      ],
      notes: [
        `While webhooks were answered, the ledger got ${NEW_PER_SECOND} new notifications a second, with and without streams; a stream gave ${rounded(intake.read.events)} of them in a run, and all streams ${rounded(intake.read.bytes / 1e6)} MB.`,
      ],
      delivered: delivered.without,
    };
  } finally {
    await stop(readers);
  }
}

/** @param {Gateway} gateway @param {import('node:child_process').ChildProcess} readers @param {StreamsOptions} options */
async function intakeRates(gateway, readers, { load, pairs, runMs }) {
  const { url, people, queues, env } = gateway;
  const run = async () => {
    const cpuBefore = gateway.cpuSeconds;
    const posted = await load.post({ url, people, connections: CONNECTIONS, durationMs: runMs });
    const answers = acknowledgedOf(posted);
    const cpuMicros = ((gateway.cpuSeconds - cpuBefore) / answers) * 1e6;
    await checkQueued(posted, queues);
    await queues.clear();
    return { perSecond: answers / (posted.tookMs / 1_000), cpuMicros };
  };
  const { found, read } = await withNewNotifications(env['DATABASE_URL'] ?? '', NEW_PER_SECOND, () =>
    inPairs({ url, readers, pairs, run }),
  );
  if (read.events === 0) throw new Error('The streams gave no notification.');
  return { found, read };
}

/** @param {Gateway} gateway @param {import('node:child_process').ChildProcess} readers @param {StreamsOptions} options */
async function deliveryRates(gateway, readers, { vendor, load, pairs, deliveries }) {
  await gateway.start('worker');
  const run = () => deliver(gateway, { vendor, load }, deliveries);
  const { found } = await inPairs({ url: gateway.url, readers, pairs, run });
  const inMicros = (/** @type {import('../../stage/deliver.mjs').Delivered} */ { perSecond, cpuMs }) => ({
    ...{ perSecond, cpuMicros: cpuMs * 1_000 },
  });
  return { without: found.without.map(inMicros), with: found.with.map(inMicros) };
}

/**
 * Runs without and with streams, in turn.
 *
 * @template T
 * @param {object} options
 * @param {string} options.url
 * @param {import('node:child_process').ChildProcess} options.readers
 * @param {number} options.pairs
 * @param {() => Promise<T>} options.run
 * @returns {Promise<{ found: { without: T[], with: T[] }, read: Read }>} `read` in the last run
 */
async function inPairs({ url, readers, pairs, run }) {
  /** @type {Read} */
  let read = { bytes: 0, events: 0, ended: 0 };
  const without = () => run();
  const withStreams = async () => {
    await hear(readers, { open: { url, count: STREAMS } });
    const result = await run();
    read = await hear(readers, 'close');
    if (read.ended > 0) throw new Error(`${read.ended} streams ended during a run.`);
    return result;
  };
  const runs = await takeTurns([without, withStreams], pairs, (candidate) => candidate());
  return { found: { without: runs.get(without) ?? [], with: runs.get(withStreams) ?? [] }, read };
}

/** @param {string} name @param {{ without: Run[], with: Run[] }} runs @returns {import('../figures.mjs').Figure[]} */
function figuresOf(name, runs) {
  const rates = { without: runs.without.map(rateOf), with: runs.with.map(rateOf) };
  return [
    { name: `${name}: no stream`, values: rates.without, unit: '/s' },
    { name: `${name}: ${STREAMS} streams`, values: rates.with, unit: '/s' },
    { name: `${STREAMS} streams : none`, values: ratios(rates.with, rates.without), unit: '', goal: GOAL },
    { name: 'CPU time of the gateway for each: no stream', values: runs.without.map(cpuOf), unit: 'µs' },
    { name: `the same: ${STREAMS} streams`, values: runs.with.map(cpuOf), unit: 'µs' },
  ];
}

/** @param {Run} run */
const rateOf = ({ perSecond }) => perSecond;
/** @param {Run} run */
const cpuOf = ({ cpuMicros }) => cpuMicros;

/** @param {number} value */
const rounded = (value) => Math.round(value).toLocaleString('en');
