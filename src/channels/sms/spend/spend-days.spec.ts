import { describe, expect, it } from '@jest/globals';
import type { StoredSeries } from '../../../deliveries/tallies/tally.sql.js';
import { spendDays, toCsv } from './spend-days.js';

const FROM = new Date('2026-03-01T00:00:00Z');
const series = (
  measure: 'sms_segments' | 'sms_cost',
  labels: Record<string, string>,
  values: Record<number, number>,
): StoredSeries => ({
  measure,
  appId: 'one',
  labels: JSON.stringify(labels),
  steps: Object.keys(values).map(Number),
  values: Object.values(values),
});
const US = { provider: 'twilio', country: 'US' };
const STORED = [
  series('sms_segments', US, { 0: 3, 1: 2 }),
  series('sms_cost', { ...US, currency: 'USD' }, { 0: 23_700, 1: 15_800 }),
  series('sms_segments', { provider: 'vonage', country: '' }, { 1: 1 }),
];

describe('spendDays', () => {
  it('joins segments and cost of each day, newest first', () => {
    expect(spendDays(STORED, FROM)).toEqual([
      { day: '2026-03-02', appId: 'one', ...US, segments: 2, cost: 0.0158, currency: 'USD' },
      {
        ...{ day: '2026-03-02', appId: 'one', provider: 'vonage', country: null },
        ...{ segments: 1, cost: null, currency: null },
      },
      { day: '2026-03-01', appId: 'one', ...US, segments: 3, cost: 0.0237, currency: 'USD' },
    ]);
  });

  it('keeps currencies apart, and counts the segments once', () => {
    const changed = series('sms_cost', { ...US, currency: 'EUR' }, { 0: 1_000 });
    const days = spendDays([...STORED, changed], FROM).filter(({ day }) => day === '2026-03-01');
    expect(days.map(({ segments, cost, currency }) => [segments, cost, currency])).toEqual([
      [3, 0.0237, 'USD'],
      [0, 0.001, 'EUR'],
    ]);
  });
});

describe('toCsv', () => {
  it('has a header, a line per day, and quotes where needed', () => {
    const odd = { ...spendDays(STORED, FROM)[1], provider: 'a "b", c' } as ReturnType<
      typeof spendDays
    >[number];
    expect(toCsv([...spendDays(STORED, FROM).slice(0, 1), odd])).toBe(
      [
        'day,appId,provider,country,segments,cost,currency',
        '2026-03-02,one,twilio,US,2,0.0158,USD',
        '2026-03-02,one,"a ""b"", c",,1,,',
        '',
      ].join('\r\n'),
    );
  });
});
