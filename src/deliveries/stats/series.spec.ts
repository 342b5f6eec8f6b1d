import { describe, expect, it } from '@jest/globals';
import type { StoredSeries } from '../tallies/tally.sql.js';
import { toSeries } from './series.js';

const stored = (
  measure: StoredSeries['measure'],
  labels: Record<string, string>,
  values: Record<number, number>,
  appId = '',
): StoredSeries => ({
  measure,
  appId,
  labels: JSON.stringify(labels),
  steps: Object.keys(values).map(Number),
  values: Object.values(values),
});

describe('toSeries', () => {
  const ATTEMPTS = [
    stored('attempts', { channel: 'push', provider: 'fcm', outcome: 'accepted' }, { 0: 3, 2: 1 }, 'one'),
    stored('attempts', { channel: 'push', provider: 'apns', outcome: 'accepted' }, { 2: 4 }, 'one'),
    stored('attempts', { channel: 'push', provider: 'fcm', outcome: 'refused' }, { 1: 2 }, 'two'),
  ];

  it('keeps every label by default, and fills steps without events with 0', () => {
    expect(toSeries(ATTEMPTS, undefined, 3)).toEqual([
      {
        measure: 'attempts',
        labels: { app: 'one', channel: 'push', provider: 'apns', outcome: 'accepted' },
        values: [0, 0, 4],
      },
      {
        measure: 'attempts',
        labels: { app: 'one', channel: 'push', provider: 'fcm', outcome: 'accepted' },
        values: [3, 0, 1],
      },
      {
        measure: 'attempts',
        labels: { app: 'two', channel: 'push', provider: 'fcm', outcome: 'refused' },
        values: [0, 2, 0],
      },
    ]);
  });

  it('adds up series that differ in other labels', () => {
    expect(toSeries(ATTEMPTS, new Set(['outcome']), 3)).toEqual([
      { measure: 'attempts', labels: { outcome: 'accepted' }, values: [3, 0, 5] },
      { measure: 'attempts', labels: { outcome: 'refused' }, values: [0, 2, 0] },
    ]);
  });

  it('keeps the currency of amounts, which are stored in millionths', () => {
    const cost = (currency: string, n: number): StoredSeries =>
      stored('sms_cost', { provider: 'twilio', country: 'US', currency }, { 0: n }, 'one');
    expect(toSeries([cost('USD', 25_000), cost('EUR', 7_900)], new Set(['app']), 1)).toEqual([
      { measure: 'sms_cost', labels: { app: 'one', currency: 'EUR' }, values: [0.0079] },
      { measure: 'sms_cost', labels: { app: 'one', currency: 'USD' }, values: [0.025] },
    ]);
  });

  it('keeps the state of queues: jobs add up, and the oldest age counts', () => {
    const queue = (name: string, state: string, n: number): StoredSeries =>
      stored('queue', { queue: name, state }, { 1: n });
    const given = [
      ...[queue('calls', 'waiting', 3), queue('push', 'waiting', 4)],
      ...[queue('calls', 'oldest_seconds', 30), queue('push', 'oldest_seconds', 9)],
      stored('queue_sample', {}, { 1: 1, 2: 1 }),
    ];
    expect(toSeries(given, new Set(), 4)).toEqual([
      { measure: 'queue', labels: { state: 'active' }, values: [null, 0, 0, null] },
      { measure: 'queue', labels: { state: 'delayed' }, values: [null, 0, 0, null] },
      { measure: 'queue', labels: { state: 'failed' }, values: [null, 0, 0, null] },
      { measure: 'queue', labels: { state: 'oldest_seconds' }, values: [null, 30, 0, null] },
      { measure: 'queue', labels: { state: 'waiting' }, values: [null, 7, 0, null] },
    ]);
  });

  it('turns buckets into quantiles, and gives none without events', () => {
    const bucket = (le: string, n: number): StoredSeries =>
      stored('latency', { channel: 'push', kind: 'call', le }, { 1: n });
    const series = toSeries([bucket('0.1', 90), bucket('+Inf', 10)], undefined, 2);
    expect(series.map(({ labels }) => labels)).toEqual(
      ['0.5', '0.95', '0.99'].map((quantile) => ({ channel: 'push', kind: 'call', quantile })),
    );
    const [median, ...tail] = series.map(({ values }) => values);
    expect(median).toEqual([null, expect.closeTo(0.05 + (0.05 * 50) / 90, 10)]);
    expect(tail).toEqual([
      [null, 3_600],
      [null, 3_600],
    ]);
  });
});
