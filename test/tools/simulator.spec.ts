import { describe, expect, it } from '@jest/globals';
import { asNew, conversation, documentedPayloads, recipientsOf } from '../../tools/simulator/events.mjs';
import { readOptions } from '../../tools/simulator/options.mjs';
import { dueTimes, post } from '../../tools/simulator/posting.mjs';
import { percentile, report, tally } from '../../tools/simulator/report.mjs';
import { awaitSettled } from '../../tools/simulator/settling.mjs';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function settled(id: string, status: string, reason: string | null = null) {
  const [receivedAt, settledAt] = ['2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.040Z'];
  return { id, status, receivedAt, settledAt, deliveries: [{ status, reason }] };
}

describe('readOptions of the simulator', () => {
  it('defaults to the demo gateway', () => {
    expect(readOptions([], {})).toMatchObject({
      url: 'http://127.0.0.1:3000',
      appId: 'app123',
      webhookAuth: 'cometchat:webhook-demo',
      apiKey: 'backend-demo-key',
      register: true,
      group: 0,
      timeoutMs: 60_000,
    });
  });

  it('prefers flags over the environment', () => {
    const env = { SIMULATE_URL: 'http://a.example', SIMULATE_APP_ID: 'other' };
    expect(readOptions(['--url', 'http://b.example/', '--no-register'], env)).toMatchObject({
      url: 'http://b.example',
      appId: 'other',
      register: false,
    });
  });

  it('posts to all members of a group at once by default', () => {
    expect(readOptions(['--group', '100'], {})).toMatchObject({ concurrency: 100 });
    expect(readOptions(['--group', '100', '--concurrency', '8'], {})).toMatchObject({ concurrency: 8 });
  });

  it.each([
    ['--group', 'many'],
    ['--messages', '0'],
    ['--rate', 'fast'],
    ['--timeout', '-1'],
    ['--url', 'ftp://a.example'],
    ['--webhook-auth', 'no-colon'],
    ['--unheard-of', '1'],
  ])('reports the fault in %s %s', (flag, value) => {
    expect(readOptions([`${flag}=${value}`], {})).toEqual({ fault: expect.stringContaining(flag) });
  });
});

describe('documentedPayloads of the simulator', () => {
  it('returns every payload for the app, each as a new event sent now', async () => {
    const events = await documentedPayloads({ appId: 'mine' }, 'run1');
    const bodies = events.map((event) => event.payload(NOW));

    expect(events).toHaveLength(16);
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(16);
    expect(bodies.every(({ appId }) => appId === 'mine')).toBe(true);
    const sentAt = bodies.flatMap(({ data }) => data.notificationDetails?.['sentAt'] ?? []);
    expect(sentAt).toEqual(Array.from({ length: 12 }, () => String(NOW)));
    expect(events.filter(({ channel }) => channel === 'sms')).toHaveLength(4);
  });

  it('returns different events in each run', async () => {
    const [first, second] = await Promise.all(
      ['run1', 'run2'].map((run) => documentedPayloads({ appId: 'mine' }, run)),
    );
    const texts = (events = first) => events?.map((event) => JSON.stringify(event.payload(NOW))) ?? [];
    expect(texts(first).filter((text) => texts(second).includes(text))).toEqual([]);
  });
});

describe('asNew of the simulator', () => {
  it('keeps null values', () => {
    const data = { to: { uid: 'u' }, notificationDetails: { tag: '1', sessionId: null } };
    expect(asNew(data, 'm', NOW).notificationDetails).toEqual({
      tag: '1.m',
      sessionId: null,
      sentAt: String(NOW),
    });
  });
});

describe('conversation of the simulator', () => {
  it('returns one event per member and message, and one message to all members at once', () => {
    const events = conversation({ appId: 'mine', group: 3, messages: 2 }, 'run1');
    expect(events.map(({ turn }) => turn)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(recipientsOf(events)).toHaveLength(3);
    expect(new Set(events.map((event) => JSON.stringify(event.payload(NOW)))).size).toBe(6);
  });
});

describe('dueTimes of the simulator', () => {
  it('keeps the messages to all members together and the overall rate', () => {
    const events = conversation({ appId: 'mine', group: 2, messages: 3 }, 'run1');
    expect(dueTimes(events, 4)).toEqual([0, 0, 500, 500, 1_000, 1_000]);
  });
});

describe('post of the simulator', () => {
  it('limits the concurrent requests and keeps the answers in order', async () => {
    const events = conversation({ appId: 'mine', group: 10, messages: 2 }, 'run1');
    let inFlight = 0;
    let most = 0;
    const send = async ({ uid }: { uid: string }) => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight--;
      return { refused: uid, answeredInMs: 1 };
    };
    const { answers } = await post(events, { rate: 0, concurrency: 4 }, send, () => undefined);
    expect(most).toBe(4);
    expect(answers).toEqual(events.map(({ uid }) => ({ refused: uid, answeredInMs: 1 })));
  });
});

describe('awaitSettled of the simulator', () => {
  const ids = Array.from({ length: 60 }, (_, i) => `n${i}`);

  it('reads the list page by page until all notifications are settled', async () => {
    const all = ids.map((id) => settled(id, 'sent'));
    const gateway = {
      notification: () => Promise.reject(new Error('unused')),
      notifications: (_from: Date, cursor: string | null) => {
        const start = Number(cursor ?? 0);
        const nextCursor = start + 20 < all.length ? String(start + 20) : null;
        return Promise.resolve({ data: all.slice(start, start + 20), nextCursor });
      },
    };
    const seen = await awaitSettled(gateway, ids, new Date(NOW), 0, () => undefined);
    expect([...seen.values()]).toEqual(all);
  });

  it('reads a few notifications individually and treats a missing one as open', async () => {
    const gateway = {
      notification: (id: string) =>
        id === 'n0'
          ? Promise.resolve(settled(id, 'sent'))
          : Promise.reject(new Error(`GET ${id} was refused: 404`)),
      notifications: () => Promise.reject(new Error('unused')),
    };
    const seen = await awaitSettled(gateway, ['n0', 'n1'], new Date(NOW), 0, () => undefined);
    expect(seen.get('n0')?.status).toBe('sent');
    expect(seen.get('n1')).toBeUndefined();
  });
});

describe('the report of the simulator', () => {
  const accepted = (notificationId: string) => ({ notificationId, duplicate: false, answeredInMs: 10 });

  it('is good if every webhook was accepted and every notification settled', () => {
    const posted = { answers: [accepted('a'), accepted('b')], tookMs: 1_000, latenessMs: 0 };
    const seen = new Map([
      ['a', settled('a', 'sent')],
      ['b', settled('b', 'skipped', 'no_device')],
    ]);
    const { text, isGood } = report(posted, seen, 2_000);
    expect(isGood).toBe(true);
    expect(text).toMatch(/^ {2}sent +1$/m);
    expect(text).toMatch(/^ {2}skipped: no_device +1$/m);
    expect(text).toMatch(/^notifications settled +2 of 2$/m);
    expect(text).toMatch(/^webhook to settled +p50 40 ms/m);
  });

  it.each([
    [
      'one was refused',
      [accepted('a'), { refused: '503 WEBHOOK.NOT_STORED', answeredInMs: 1 }],
      settled('a', 'sent'),
    ],
    ['one is still queued', [accepted('a')], { ...settled('a', 'queued'), settledAt: null }],
    ['one never reached the ledger', [accepted('a')], undefined],
  ])('is not good if %s', (_case, answers, notification) => {
    const { isGood } = report({ answers, tookMs: 1, latenessMs: 0 }, new Map([['a', notification]]), 1);
    expect(isGood).toBe(false);
  });
});

describe('tally and percentile of the simulator', () => {
  it('count values and rank numbers', () => {
    expect(tally(['b', 'a', 'b'])).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 99, 100]);
    expect(percentile([7], 0.5)).toBe(7);
  });
});
