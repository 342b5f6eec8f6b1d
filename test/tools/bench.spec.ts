import { describe, expect, it } from '@jest/globals';
import { isFast, markdownTimes, tallyFigures, timeTable } from '../../tools/bench/console/findings.mjs';
import { readOptions as readConsoleOptions } from '../../tools/bench/console/options.mjs';
import { coresBetween, usage } from '../../tools/bench/cores.mjs';
import { figureTable, isMet, markdownTable, ratios } from '../../tools/bench/figures.mjs';
import { readOptions } from '../../tools/bench/options.mjs';
import { fromFirst, withSection } from '../../tools/bench/page-sections.mjs';
import { reachedInMs } from '../../tools/bench/reached.mjs';
import {
  checkAccounted,
  checkDelivered,
  checkQueued,
  checkSent,
  Miscount,
} from '../../tools/stage/checks.mjs';
import { commandCounts, sentBetween } from '../../tools/stage/redis-commands.mjs';
import { WebhookTemplate } from '../../tools/stage/programs/webhook-template.mjs';
import type { Posted } from '../../tools/stage/programs/load-generator.mjs';

describe('the count after a benchmark run', () => {
  it('accepts every acknowledged event exactly once', () => {
    expect(() => checkDelivered([posted()], [12, 10, 11])).not.toThrow();
  });

  it.each([
    [
      'a lost event',
      [10, 11],
      '1 acknowledged events lost, 0 delivered more than once, 0 that nobody posted.',
    ],
    ['a duplicated event', [10, 11, 12, 12], '0 acknowledged events lost, 1 delivered more than once'],
    ['an event of another run', [10, 11, 12, 13], '1 that nobody posted.'],
    [
      'a lost event beside a duplicated one',
      [10, 11, 11],
      '1 acknowledged events lost, 1 delivered more than once',
    ],
  ])('reports %s', (_, taken, words) => {
    expect(() => checkDelivered([posted()], taken)).toThrow(words);
  });

  it('accepts a refused event that was delivered once or never', () => {
    const run = posted({ refused: { 11: '503' } });
    expect(() => checkDelivered([run], [10, 12])).not.toThrow();
    expect(() => checkDelivered([run], [10, 11, 12])).not.toThrow();
    expect(() => checkDelivered([run], [10, 11, 11, 12])).toThrow(Miscount);
  });

  it('reports a new event answered as a duplicate', () => {
    expect(() => checkDelivered([posted({ duplicates: 1 })], [10, 11, 12])).toThrow('1 new events');
  });

  it.each([
    [3, {}, true],
    [2, {}, false],
    [4, {}, false],
    [2, { 11: '503' }, true],
    [3, { 11: '503' }, true],
    [1, { 11: '503' }, false],
  ])('checks %j jobs for three events with %j refused: %j', async (jobs, refused, isRight) => {
    const counted = checkQueued(posted({ refused }), holding(jobs));
    if (isRight) await expect(counted).resolves.toBeUndefined();
    else await expect(counted).rejects.toThrow(Miscount);
  });

  it('accepts an undelivered event only if the ledger says that its outcome is unknown', () => {
    expect(() => checkAccounted(posted(), [10, 11, 12], 0)).not.toThrow();
    expect(() => checkAccounted(posted(), [10, 12], 1)).not.toThrow();
    expect(() => checkAccounted(posted({ refused: { 11: '503' } }), [10, 12], 0)).not.toThrow();
    expect(() => checkAccounted(posted(), [10], 1)).toThrow('2 acknowledged events not delivered, 1 of them');
    expect(() => checkAccounted(posted(), [10, 10, 11, 12], 1)).toThrow(Miscount);
  });

  it('accepts messages sent without a webhook exactly once', () => {
    expect(() => checkSent(5, 2, [6, 5])).not.toThrow();
    for (const taken of [[5], [5, 5], [5, 4], [5, 6, 7]])
      expect(() => checkSent(5, 2, taken)).toThrow(Miscount);
  });
});

describe('the time from webhook to vendor', () => {
  it('ends when the request has arrived, in ascending order', () => {
    const times = reachedInMs(
      { first: 10, sent: 2, postedAt: [1_000, 1_100] },
      { events: [11, 10], arrivedAt: [1_105, 1_020] },
    );
    expect(times).toEqual([5, 20]);
  });
});

describe('the Redis commands of a run', () => {
  it('are read from INFO commandstats, with subcommands together', () => {
    const info =
      '# Commandstats\r\ncmdstat_evalsha:calls=7,usec=1\r\ncmdstat_client|info:calls=2,usec=1\r\ncmdstat_client|id:calls=1,usec=1\r\n';
    expect([...commandCounts(info)]).toEqual([
      ['evalsha', 7],
      ['client', 3],
    ]);
  });

  it('exclude those of scripts and of the observer', () => {
    const counted = {
      before: new Map([['evalsha', 10]]),
      after: new Map([
        ['evalsha', 40],
        ['hget', 100],
        ['hgetall', 10],
        ['info', 1],
      ]),
      own: new Map([['evalsha', 5]]),
      sentShares: new Map([
        ['evalsha', 1],
        ['hget', 0],
        ['hgetall', 0.5],
      ]),
    };
    expect(sentBetween(counted)).toBe(30);
  });
});

describe('the use of cores', () => {
  it('is the CPU time of each program per second, summed up in a note', () => {
    const cores = coresBetween({ api: 1, Redis: 2 }, { api: 2, Redis: 2.5 }, 2);
    expect(cores).toEqual({ api: 0.5, Redis: 0.25 });
    expect(usage('One worker', [{ cores }])).toMatch(
      /^One worker: 0\.75 of \d+ cores in use \(api 0\.50, Redis 0\.25\)\.$/,
    );
  });
});

describe('a benchmark figure', () => {
  const figure = { name: 'a', values: [3, 1, 2], unit: '/s' };

  it('meets its goal by its median', () => {
    expect(isMet(figure)).toBeUndefined();
    expect(isMet({ ...figure, goal: { atLeast: 2 } })).toBe(true);
    expect(isMet({ ...figure, goal: { atLeast: 2.1 } })).toBe(false);
    expect(isMet({ ...figure, goal: { atMost: 1.9 } })).toBe(false);
  });

  it('is compared run by run', () => {
    expect(ratios([10, 20], [20, 10])).toEqual([0.5, 2]);
  });

  it('is printed as a table for the terminal and for Markdown', () => {
    const rows = [{ ...figure, goal: { atMost: 2 } }];
    expect(figureTable(rows)).toMatch(/^a +2 \/s +1 to 3 +≤ 2 +met$/m);
    expect(markdownTable(rows)).toContain('| a | 2 /s | 1 to 3 | ≤ 2 | met |');
  });
});

describe('the options of npm run bench', () => {
  it('select all parts unless parts are named', () => {
    expect(readOptions([], ['a', 'b'])).toMatchObject({ parts: ['a', 'b'], turns: 3, short: false });
    expect(readOptions(['b', '--short', '--people', '5'], ['a', 'b'])).toMatchObject({
      parts: ['b'],
      turns: 1,
      people: 5,
    });
  });

  it.each([
    [['c'], 'There is no part c'],
    [['--turns', '0'], '--turns takes a whole number.'],
    [['--write', '--short'], '--write is for a whole run of all parts.'],
    [['--write', 'a'], '--write is for a whole run of all parts.'],
  ])('reject %j', (args, words) => {
    expect(() => readOptions(args, ['a', 'b'])).toThrow(words);
  });
});

describe('the bench of the console', () => {
  const ms = Array.from({ length: 20 }, (_, index) => (index + 1) * 10);

  it('compares the 95th percentile of a time with its goal', () => {
    expect(isFast({ name: 'a', ms, goalMs: 191 })).toBe(true);
    expect(isFast({ name: 'a', ms, goalMs: 190 })).toBe(false);
  });

  it('prints times for the terminal and for Markdown', () => {
    const times = [{ name: 'a', ms, goalMs: 250 }];
    expect(timeTable(times)).toMatch(/^a +110 ms +190 ms +< 250 ms +met$/m);
    expect(markdownTimes(times)).toContain('| a | 110 ms | 190 ms | < 250 ms | met |');
  });

  it('spreads the writes of two processes over the deliveries of ten seconds', () => {
    const cost = { rows: 400, gatewayMs: 6, postgresMs: 4, countMicros: 2 };
    const figures = tallyFigures(cost, { perSecond: 1_000, cpuMicros: 500 });
    expect(figures.map(({ values }) => values[0])).toEqual([6, 4, 2, 0.4, 2]);
    expect(figures.map(isMet)).toEqual([undefined, undefined, undefined, true, undefined]);
  });

  it('runs all parts unless some are named', () => {
    expect(readConsoleOptions([])).toMatchObject({
      parts: ['pages', 'costs'],
      rows: 1_000_000,
      write: false,
    });
    expect(readConsoleOptions(['pages', '--short', '--rows', '9'])).toMatchObject({
      parts: ['pages'],
      rows: 9,
      runs: 1,
    });
  });

  it.each([
    [['c'], 'There is no part c'],
    [['--pairs', '0'], '--pairs takes a whole number.'],
    [['--write', '--short'], '--write is for a whole run of all parts.'],
    [['--write', 'pages'], '--write is for a whole run of all parts.'],
  ])('rejects %j', (args, words) => {
    expect(() => readConsoleOptions(args)).toThrow(words);
  });
});

describe('the page of the figures', () => {
  const page = '# A\n\ntext\n\n## Search\n\nold\n\n## Console\n\nolder\n';

  it('gets a section in place of the former one', () => {
    expect(withSection(page, '## Search', 'new')).toBe(page.replace('old\n', 'new\n'));
    expect(withSection(page, '## Console', 'new')).toBe(page.replace('older', 'new'));
  });

  it('keeps the sections of other commands', () => {
    expect(fromFirst(page, ['## Console', '## Search'])).toBe(page.slice(page.indexOf('## Search')));
    expect(fromFirst('# A\n', ['## Console'])).toBe('');
  });

  it('gets a missing section at its end', () => {
    expect(withSection('# A\n', '## Console', 'new')).toBe('# A\n\n## Console\n\nnew\n');
  });
});

describe('the webhook of a benchmark run', () => {
  it.each(['chat', 'call'] as const)('is a documented %s of 1.2 kB with its own number', (kind) => {
    const template = new WebhookTemplate(kind, 'localhost');
    const requestOf = (event: number): string =>
      template.write(Buffer.alloc(template.size), event, 1_000).toString();
    const [, body = ''] = requestOf(123_456_789).split('\r\n\r\n');
    expect(Buffer.byteLength(body)).toBe(1_200);
    expect(JSON.parse(body)).toMatchObject({
      trigger: 'push-notification-payload-generated',
      data: { notificationDetails: { type: kind, tag: 'bench-123456789' } },
    });
    expect(requestOf(1)).not.toBe(requestOf(2));
  });

  it('is one of the chosen app', () => {
    const template = new WebhookTemplate('chat', 'localhost', 'app456');
    expect(template.write(Buffer.alloc(template.size), 1, 1_000).toString()).toContain('"appId":"app456"');
  });
});

const posted = (changes: Partial<Posted> = {}): Posted => ({
  first: 10,
  sent: 3,
  duplicates: 0,
  refused: {},
  startedAt: 0,
  tookMs: 1,
  answeredInMs: { p50: 1, p99: 1, max: 1 },
  postedAt: [],
  cpuShare: 0,
  ...changes,
});
const holding = (jobs: number) => ({ pending: async () => jobs });
