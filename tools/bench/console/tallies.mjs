import 'reflect-metadata';
import pg from 'pg';
import { pino } from 'pino';
import '../../../scripts/typescript/register.mjs';
import { postgresCpuSeconds } from '../../stage/cpu.mjs';
import { createDatabase } from '../../stage/database.mjs';

const { TallyRepository } = await import('../../../src/deliveries/tallies/tally.repository.js');
const { TallyWriter } = await import('../../../src/deliveries/tallies/tally-writer.js');
const { Metrics } = await import('../../../src/platform/metrics/metrics.js');

/**
 * CPU time.
 *
 * @typedef {object} TallyCost
 * @property {number} rows of a write
 * @property {number} gatewayMs of the writing process, per write
 * @property {number} postgresMs of PostgreSQL, per write
 * @property {number} countMicros of the counters that are written, per delivery
 *
 * @typedef {import('../../../src/platform/metrics/metrics.js').Metrics} Counters
 */

const APPS = ['app123', 'app456'];
const PUSH_PROVIDERS = ['fcm', 'apns', 'webpush'];
const SMS_PROVIDERS = ['twilio', 'vonage'];
const OUTCOMES = ['accepted', 'refused', 'unavailable'];
const COUNTRIES = ['US', 'GB', 'DE', 'IN', 'BR'];
const LATENCIES = /** @type {const} */ ([
  ['push', 'chat'],
  ['push', 'call'],
  ['push', 'group'],
  ['sms', 'sms'],
]);
const SECONDS = [0.02, 0.04, 0.08, 0.2, 0.4, 0.8, 2, 4, 8, 20];
const COUNTED = 200_000;

/** Counts at least one of everything that a busy gateway with two apps counts. @param {Counters} metrics */
function countAll(metrics) {
  for (const route of ['push', 'sms'])
    for (const answer of ['accepted', 'duplicate', 'WEBHOOK.INVALID'])
      metrics.webhooks.inc({ route, answer });
  for (const app of APPS) {
    for (const outcome of OUTCOMES) {
      for (const provider of PUSH_PROVIDERS)
        metrics.attempts.inc({ app, channel: 'push', provider, outcome });
      for (const provider of SMS_PROVIDERS) metrics.attempts.inc({ app, channel: 'sms', provider, outcome });
    }
    for (const channel of ['push', 'sms']) {
      metrics.deliveries.inc({ app, channel, status: 'sent', reason: '' });
      for (const reason of ['token_unregistered', 'invalid_number', 'expired'])
        metrics.deliveries.inc({ app, channel, status: 'failed', reason });
    }
    metrics.devicesRetired.inc({ app, reason: 'unregistered' });
    for (const provider of SMS_PROVIDERS) {
      for (const country of COUNTRIES) {
        metrics.smsSegments.inc({ app, provider, country });
        metrics.smsCost.inc({ app, provider, country, currency: 'USD' }, 0.0079);
      }
    }
  }
  for (const [channel, kind] of LATENCIES)
    for (const seconds of SECONDS) metrics.secondsToVendor.observe({ channel, kind }, seconds);
}

/** Counts one delivery. @param {Counters} metrics */
function countDelivery(metrics) {
  metrics.webhooks.inc({ route: 'push', answer: 'accepted' });
  metrics.attempts.inc({ app: 'app123', channel: 'push', provider: 'fcm', outcome: 'accepted' });
  metrics.secondsToVendor.observe({ channel: 'push', kind: 'chat' }, 0.08);
  metrics.deliveries.inc({ app: 'app123', channel: 'push', status: 'sent', reason: '' });
}

/**
 * Measures the gateway's own writer on an embedded PostgreSQL.
 *
 * @param {{ postgresUrl: string, writes: number }} options
 * @returns {Promise<TallyCost>}
 */
export async function measureTallies({ postgresUrl, writes }) {
  const sql = new pg.Pool({ connectionString: await createDatabase(postgresUrl), max: 1 });
  try {
    const metrics = new Metrics();
    const writer = new TallyWriter(metrics, new TallyRepository(sql), pino({ level: 'silent' }));
    const write = async () => {
      countAll(metrics);
      const cpu = process.cpuUsage();
      await writer.write();
      const { user, system } = process.cpuUsage(cpu);
      return user + system;
    };
    // Warm-up.
    for (let n = 0; n < writes / 5; n++) await write();
    const { rows: backends } = await sql.query('SELECT pg_backend_pid() AS pid');
    const { pid } = /** @type {{ pid: number }} */ (backends[0]);
    const before = postgresCpuSeconds(pid);
    let micros = 0;
    for (let n = 0; n < writes; n++) micros += await write();
    const postgresSeconds = postgresCpuSeconds(pid) - before;
    const { rows } = await sql.query(
      'SELECT count(DISTINCT (span_seconds, measure, app_id, labels))::int AS n FROM tally',
    );
    return {
      rows: /** @type {{ n: number }} */ (rows[0]).n,
      gatewayMs: micros / 1_000 / writes,
      postgresMs: (postgresSeconds * 1_000) / writes,
      countMicros: microsPerCount(metrics),
    };
  } finally {
    await sql.end();
  }
}

/** @param {Counters} metrics */
function microsPerCount(metrics) {
  for (let n = 0; n < COUNTED / 5; n++) countDelivery(metrics);
  const cpu = process.cpuUsage();
  for (let n = 0; n < COUNTED; n++) countDelivery(metrics);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / COUNTED;
}
