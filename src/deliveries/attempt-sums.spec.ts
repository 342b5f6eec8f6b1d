import { describe, expect, it } from '@jest/globals';
import { attemptSums } from './attempt-sums.js';
import type { ProviderFacts } from './account-facts.js';
import { toProviderDto } from './provider-view.js';
import type { StoredSeries } from './tallies/tally.sql.js';

const stored = (kind: string, outcome: string, le: string, n: number): StoredSeries => ({
  measure: 'attempt_seconds',
  appId: 'app123',
  labels: JSON.stringify({ channel: 'push', provider: 'default', kind, outcome, le }),
  steps: [0, 1],
  values: [n - 1, 1],
});

describe('attemptSums', () => {
  it('gives the share of each outcome, the most frequent first, and the 95th percentile', () => {
    const series = [
      ...[stored('fcm', 'refused', '0.25', 4), stored('fcm', 'accepted', '0.1', 14)],
      stored('fcm', 'accepted', '30', 2),
    ];
    expect(attemptSums(series, () => true)).toEqual({
      attempts: 20,
      outcomes: [
        { outcome: 'accepted', attempts: 16, share: 0.8 },
        { outcome: 'refused', attempts: 4, share: 0.2 },
      ],
      p95Seconds: 20,
    });
  });

  it('has no percentile without attempts', () => {
    const nothing = { attempts: 0, outcomes: [], p95Seconds: null };
    expect(attemptSums([], () => true)).toEqual(nothing);
    expect(attemptSums([stored('fcm', 'accepted', '1', 2)], () => false)).toEqual(nothing);
  });

  it('counts the largest bucket as its bound', () => {
    expect(attemptSums([stored('fcm', 'unknown', '+Inf', 2)], () => true).p95Seconds).toBe(30);
  });
});

describe('toProviderDto', () => {
  const facts: ProviderFacts = {
    ...{ breakers: [], checks: [], codes: [], callbacks: [] },
    lastHour: [],
    lastDay: [
      ...[stored('fcm', 'accepted', '0.1', 5), stored('apns', 'accepted', '0.1', 3)],
      stored('apns-voip', 'accepted', '0.1', 2),
    ],
    devices: {
      accounts: [
        { appId: 'app123', provider: 'default', type: 'apns', environment: 'sandbox', count: 7 },
        { appId: 'app123', provider: 'default', type: 'fcm', environment: null, count: 9 },
      ],
      isEstimate: true,
    },
  };
  const account = { appId: 'app123', channel: 'push', id: 'default' } as const;

  it('tells accounts that share an id apart by their type', () => {
    const fcm = toProviderDto({ ...account, type: 'fcm', environment: null }, facts);
    const apns = toProviderDto({ ...account, type: 'apns', environment: 'sandbox' }, facts);
    expect([fcm.lastDay.attempts, fcm.devices?.count]).toEqual([5, 9]);
    expect([apns.lastDay.attempts, apns.devices?.count]).toEqual([5, 7]);
    const other = toProviderDto({ ...account, type: 'apns', environment: 'production' }, facts);
    expect(other.devices).toEqual({ count: 0, isEstimate: true });
  });
});
