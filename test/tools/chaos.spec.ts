import { describe, expect, it } from '@jest/globals';
import { tableWith } from '../../tools/chaos/chaos-page.mjs';
import { everyRunOf, readOptions } from '../../tools/chaos/options.mjs';
import { isGood, lineOf, resultTable, type Result } from '../../tools/chaos/report.mjs';
import { allAnswered, type Outcome, type Scenario, type Settled } from '../../tools/chaos/scenario.mjs';
import { judge, type Entry } from '../../tools/chaos/verdict.mjs';
import type { Webhook } from '../../tools/chaos/stream.mjs';

const webhook = (event: number, changes: Partial<Webhook> = {}): Webhook => ({
  event,
  appId: 'app123',
  kind: 'chat',
  postedAt: 0,
  tookMs: 10,
  answer: '200',
  notificationId: `n-${event}`,
  isDuplicate: false,
  ...changes,
});
const refused = (event: number): Webhook => {
  const { notificationId: _, ...rest } = webhook(event, { answer: '503' });
  return rest;
};
const settledAs = (status: string, reason: string | null = null): ReadonlyMap<string, Entry[]> =>
  new Map([['n-1', [{ status, reason }]]]);
const NOTHING = new Map<string, Entry[]>();

describe('the verdict of a chaos scenario', () => {
  it('reports no loss if every acknowledged event was delivered', () => {
    const taken = new Map([
      [1, [5]],
      [2, [6]],
    ]);
    const verdict = judge([webhook(1), webhook(2), refused(3)], taken, NOTHING);
    expect(verdict).toMatchObject({ posted: 3, acknowledged: 2, delivered: 2, explained: 0, doubled: 0 });
    expect(verdict.lost).toEqual([]);
  });

  it('counts each message beyond the first of an event as a duplicate, acknowledged or not', () => {
    const taken = new Map([
      [1, [5, 6, 7]],
      [2, [6, 8]],
    ]);
    expect(judge([webhook(1), refused(2)], taken, NOTHING).doubled).toBe(3);
  });

  it.each([
    ['chat', 'failed', 'provider_unavailable', 'lost'],
    ['chat', 'expired', 'too_old', 'lost'],
    ['chat', 'sent', null, 'lost'],
    ['call', 'queued', null, 'lost'],
    ['call', 'expired', 'too_old', 'explained'],
    ['call', 'expired', 'call_over', 'explained'],
    ['sms', 'failed', 'outcome_unknown', 'explained'],
    ['sms', 'failed', 'message_refused', 'lost'],
  ] as const)('counts an undelivered %s with status %s (%s) as %s', (kind, status, reason, word) => {
    const { lost, explained } = judge([webhook(1, { kind })], new Map(), settledAs(status, reason));
    expect([lost.length, explained]).toEqual(word === 'lost' ? [1, 0] : [0, 1]);
  });

  it('counts an event without a ledger entry as lost', () => {
    expect(judge([webhook(1, { kind: 'call' })], new Map(), NOTHING).lost).toHaveLength(1);
  });

  it('counts a ring that arrived after the end of the call', () => {
    const rings = [webhook(1, { kind: 'call' }), webhook(2, { kind: 'call' }), webhook(3)];
    const taken = new Map([
      [1, [44_000]],
      [2, [60_000]],
      [3, [60_000]],
    ]);
    expect(judge(rings, taken, NOTHING).late).toBe(1);
  });
});

describe('the result of a chaos scenario', () => {
  const scenario: Scenario = { name: 'a', title: 'A', play: () => Promise.reject(new Error('unused')) };
  const settled = (changes: Partial<Settled> = {}): Settled => ({
    ...judge([webhook(1)], new Map([[1, [5]]]), NOTHING),
    webhooks: [webhook(1)],
    taken: new Map([[1, [5]]]),
    pendingJobs: 0,
    ...changes,
  });
  const run = { scenario, deployment: 'redis' } as const;
  const resultOf = (changes: Partial<Outcome> = {}): Result => ({
    ...run,
    tookMs: 1,
    outcome: { settled: settled(), doublesAtMost: 2, because: 'two died', checks: [], ...changes },
  });

  it('holds if nothing was lost and the duplicates are within their limit', () => {
    expect(isGood(resultOf())).toBe(true);
    expect(isGood(resultOf({ settled: settled({ doubled: 2 }) }))).toBe(true);
  });

  it.each([
    ['something was lost', { settled: settled({ lost: [{ ...webhook(1), entries: [] }] }) }],
    ['too many were duplicated', { settled: settled({ doubled: 3 }) }],
    ['a ring was late', { settled: settled({ late: 1 }) }],
    ['jobs remain', { settled: settled({ pendingJobs: 1 }) }],
    [
      'a new event was answered as a duplicate',
      { settled: settled({ webhooks: [webhook(1, { isDuplicate: true })] }) },
    ],
    ['another check failed', { checks: [{ what: 'x', holds: false }] }],
  ])('fails if %s', (_, changes) => {
    const result = resultOf(changes);
    expect(isGood(result)).toBe(false);
    expect(lineOf(result)).toContain('FAILED');
  });

  it('fails if the scenario throws, and holds if this machine cannot run it', () => {
    expect(isGood({ ...run, tookMs: 1, failure: 'it broke' })).toBe(false);
    expect(isGood({ ...run, tookMs: 1, unplayed: 'takes root' })).toBe(true);
  });

  it('is printed as a table', () => {
    expect(resultTable([resultOf()])).toMatch(/^a +redis +1 +1 +1 +0 +0 +0 +2 +held$/m);
  });

  it('replaces its row in the page, and leaves the others', () => {
    const all = everyRunOf([scenario]);
    const page = tableWith('', resultOf({ doublesAtMost: 7 }), all);
    const other = tableWith(page, { ...resultOf(), deployment: 'embedded' }, all);
    expect(tableWith(other, resultOf(), all).split('\n').slice(2)).toEqual([
      '| A | redis | 1 | 1 | 1 | 0 | 0 | 0 | 2 | held | doubled at most: two died |',
      '| A | embedded | 1 | 1 | 1 | 0 | 0 | 0 | 2 | held | doubled at most: two died |',
    ]);
    expect(page).toContain('| A | embedded |  |  |  |  |  |  |  | not played |  |');
  });

  it('is one line of the page even if it failed', () => {
    const failed: Result = { ...run, tookMs: 1, failure: 'it broke\n  | there' };
    expect(tableWith('', failed, everyRunOf([scenario]))).toContain('| BROKEN | it broke there |');
  });
});

describe('the answers during a chaos scenario', () => {
  it.each([
    [[webhook(1), webhook(2)], true],
    [[webhook(1), refused(2)], false],
    [[webhook(1), webhook(2, { tookMs: 2_001 })], false],
  ])('must all be 200 within 2 s', (webhooks, holds) => {
    expect(allAnswered(webhooks).holds).toBe(holds);
  });
});

describe('the options of npm run chaos', () => {
  const named = (name: string, changes: Partial<Scenario> = {}): Scenario => ({
    name,
    title: name,
    play: () => Promise.reject(new Error('unused')),
    ...changes,
  });
  const all = [
    named('a', { shortOn: ['redis', 'embedded'] }),
    named('b', { on: ['redis'] }),
    named('c', { shortOn: ['embedded'] }),
  ];
  const chosen = (...args: string[]): string[] =>
    readOptions(args, all).runs.map(({ scenario, deployment }) => `${scenario.name} ${deployment}`);

  it('select the scenarios, each on all deployments that it applies to', () => {
    const whole = ['a redis', 'a embedded', 'b redis', 'c redis', 'c embedded'];
    expect(chosen()).toEqual(whole);
    expect(chosen('--short')).toEqual(['a redis', 'a embedded', 'c embedded']);
    expect(chosen('--short', '--all')).toEqual(whole);
    expect(chosen('c', 'b')).toEqual(['b redis', 'c redis', 'c embedded']);
  });

  it('select the deployment', () => {
    expect(chosen('--on', 'embedded')).toEqual(['a embedded', 'c embedded']);
    expect(chosen('--on', 'redis', '--short')).toEqual(['a redis']);
    expect(chosen('--on', 'redis', 'c')).toEqual(['c redis']);
  });

  it.each([
    [['d'], 'There is no scenario d'],
    [['--write', '--short'], '--write is for scenarios in full length.'],
    [['--write', '--per-second', '20'], '--write is for scenarios in full length.'],
    [['--on', 'x'], '--on takes redis or embedded.'],
    [['b', '--on', 'embedded'], 'b does not apply to embedded.'],
    [['--per-second', 'x'], '--per-second takes a whole number.'],
  ])('reject %j', (args, words) => {
    expect(() => readOptions(args, all)).toThrow(words);
  });
});
