import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { TallyRepository } from '../../../src/deliveries/tallies/tally.repository.js';
import { TallyWriter } from '../../../src/deliveries/tallies/tally-writer.js';
import { SPANS, type Tally } from '../../../src/deliveries/tallies/tally.sql.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

const DAY_MS = 86_400_000;
const WEBHOOK = { route: 'push', answer: 'accepted' };
const SMS = { app: 'app123', provider: 'twilio', country: 'US', currency: 'USD' };

let database: TestDatabase;
let tallies: TallyRepository;
beforeAll(async () => {
  database = await startDatabase();
  tallies = new TallyRepository(database.sql);
});
afterAll(() => database.close());
afterEach(() => database.sql.query('TRUNCATE tally'));

/** The counters and the writer of one process. */
function startProcess(sql: pg.Pool = database.sql): {
  metrics: Metrics;
  writer: TallyWriter;
  logged: string[];
} {
  const logged: string[] = [];
  const logger = pino({}, { write: (line: string) => void logged.push(line) });
  const metrics = new Metrics();
  return { metrics, writer: new TallyWriter(metrics, new TallyRepository(sql), logger), logged };
}

/** The sum of a measure's rows of one length. */
async function stored(measure: string, spanSeconds = 60): Promise<number> {
  const { rows } = await database.sql.query<{ n: number }>(
    'SELECT coalesce(sum(n), 0)::float8 AS n FROM tally WHERE measure = $1 AND span_seconds = $2',
    [measure, spanSeconds],
  );
  return rows[0]?.n ?? NaN;
}

describe('TallyWriter', () => {
  it('adds the counts of several processes up, in spans of each length', async () => {
    const processes = Array.from({ length: 4 }, () => startProcess());
    for (let round = 0; round < 5; round++) {
      for (const { metrics } of processes) {
        metrics.webhooks.inc(WEBHOOK, 3);
        metrics.attempts.inc({ app: 'app123', channel: 'push', provider: 'fcm', outcome: 'accepted' });
      }
      await Promise.all(processes.map(({ writer }) => writer.write()));
    }
    for (const span of SPANS)
      expect([await stored('webhooks', span), await stored('attempts', span)]).toEqual([60, 20]);
  });

  it('writes only what has been counted since the last write', async () => {
    const { metrics, writer } = startProcess();
    metrics.webhooks.inc(WEBHOOK, 2);
    await writer.write();
    await writer.write();
    expect(await stored('webhooks')).toBe(2);
    metrics.webhooks.inc(WEBHOOK);
    await writer.writeLast();
    expect(await stored('webhooks')).toBe(3);
  });

  it('keeps amounts exact to a millionth', async () => {
    const { metrics, writer } = startProcess();
    for (let i = 0; i < 30; i++) {
      metrics.smsCost.inc(SMS, 0.0079);
      if (i % 7 === 0) await writer.write();
    }
    await writer.write();
    expect(await stored('sms_cost')).toBe(237_000);
  });

  it('stores each latency in one bucket', async () => {
    const { metrics, writer } = startProcess();
    for (const seconds of [0.004, 0.2, 0.2, 4_000])
      metrics.secondsToVendor.observe({ channel: 'push', kind: 'call' }, seconds);
    await writer.write();
    const { rows } = await database.sql.query<{ labels: string; n: string }>(
      'SELECT labels, n FROM tally WHERE span_seconds = 60 ORDER BY labels',
    );
    expect(rows.map(({ labels, n }) => [(JSON.parse(labels) as { le: string }).le, Number(n)])).toEqual([
      ['+Inf', 1],
      ['0.01', 1],
      ['0.25', 2],
    ]);
  });

  it('keeps the counts of a failed write for the next one, and logs the outage once', async () => {
    const { metrics, writer, logged } = startProcess();
    await database.sql.query('ALTER TABLE tally RENAME TO tally_away');
    for (let i = 0; i < 3; i++) {
      metrics.webhooks.inc(WEBHOOK);
      await writer.write();
    }
    await database.sql.query('ALTER TABLE tally_away RENAME TO tally');
    expect(await stored('webhooks')).toBe(0);
    metrics.webhooks.inc(WEBHOOK);
    await writer.write();
    expect(await stored('webhooks')).toBe(4);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('tally.not_written');
  });
});

describe('TallyRepository', () => {
  const at = (moment: Date, n: number, change: Partial<Tally> = {}): Tally => ({
    ...{
      spanSeconds: 3_600,
      start: moment,
      measure: 'attempts',
      appId: 'app123',
      labels: '{"outcome":"accepted"}',
    },
    n,
    ...change,
  });
  const HOUR = (hour: number): Date => new Date(Date.UTC(2026, 2, 1, hour));

  it('adds up steps of whole hours, and limits them to a span and an app', async () => {
    await tallies.add([at(HOUR(0), 1), at(HOUR(1), 2), at(HOUR(5), 4), at(HOUR(6), 8)]);
    await tallies.add([at(HOUR(1), 16), at(HOUR(1), 32, { appId: 'other' })]);
    const query = { measures: ['attempts'], from: HOUR(0), to: HOUR(6), stepSeconds: 7_200 } as const;
    expect(await tallies.read({ ...query, appId: 'app123' })).toEqual([
      {
        measure: 'attempts',
        appId: 'app123',
        labels: '{"outcome":"accepted"}',
        steps: [0, 2],
        values: [19, 4],
      },
    ]);
    expect(await tallies.read(query)).toHaveLength(2);
  });

  it('gives the last sample of the queues in each step, in which a queue without a row was empty', async () => {
    const waiting = { measure: 'queue', appId: '', labels: '{"queue":"plan","state":"waiting"}' } as const;
    const failed = { ...waiting, labels: '{"queue":"plan","state":"failed"}' };
    const sample = (hour: number): Tally =>
      at(HOUR(hour), 1, { measure: 'queue_sample', appId: '', labels: '{}' });
    await tallies.setQueues([at(HOUR(0), 5, waiting), sample(0)]);
    await tallies.setQueues([at(HOUR(1), 9, waiting), at(HOUR(1), 2, failed), sample(1)]);
    await tallies.setQueues([at(HOUR(1), 7, waiting), sample(1)]);
    await tallies.setQueues([at(HOUR(2), 4, waiting), sample(2)]);
    await tallies.setQueues([sample(3)]);
    const query = { measures: ['queue'], from: HOUR(0), to: HOUR(6), stepSeconds: 7_200 } as const;
    const found = await tallies.read(query);
    expect(found.map(({ measure, labels, steps, values }) => [measure, labels, steps, values])).toEqual(
      expect.arrayContaining([
        ['queue', waiting.labels, [0], [7]],
        ['queue', failed.labels, [0], [0]],
        ['queue_sample', '{}', [0, 1], [1, 1]],
      ]),
    );
    expect(found).toHaveLength(3);
  });

  it('lets one process sample the queues', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => tallies.claimSample(120)));
    // A minute may begin in between.
    expect([1, 2]).toContain(claims.filter(Boolean).length);
  });
});

describe('the partitions of tallies', () => {
  beforeEach(() => tallies.prune(Date.now() + 400 * DAY_MS));

  const partitionsOf = async (): Promise<string[]> => {
    const { rows } = await database.sql.query<{ name: string }>(
      `SELECT DISTINCT tableoid::regclass::text AS name FROM tally ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };
  const now = (): Tally => ({
    ...{ spanSeconds: 60, start: new Date(), measure: 'retired', appId: 'app123', labels: '{}', n: 1 },
  });

  it('are made ahead, and take over what was counted before', async () => {
    await tallies.add([now()]);
    expect(await partitionsOf()).toEqual(['tally_default']);
    expect((await tallies.makePartitions()).done).toHaveLength(3);
    expect(await partitionsOf()).toEqual([expect.stringMatching(/^tally_\d{8}$/)]);
    expect((await tallies.makePartitions()).done).toEqual([]);
    await tallies.add([now()]);
    expect([await stored('retired'), await partitionsOf()]).toEqual([
      2,
      [expect.stringMatching(/^tally_\d/)],
    ]);
  });

  it('are dropped after thirty days, with their remains in the default partition', async () => {
    await tallies.makePartitions();
    const old = new Date(Date.now() - 31 * DAY_MS);
    await tallies.add([now(), { ...now(), start: old }]);
    expect(await stored('retired')).toBe(2);
    expect((await tallies.prune()).done).toEqual([]);
    expect(await stored('retired')).toBe(1);
    expect((await tallies.prune(Date.now() + 40 * DAY_MS)).done).toHaveLength(3);
    expect(await stored('retired')).toBe(0);
  });
});
