import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { push, sms } from '../support/payloads.js';
import { draws } from '../support/draws.js';

/** Bodies posted concurrently; stored notifications are counted once per batch. */
const AT_ONCE = 5;
const RUNS = draws(30);
const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(one, { minLength: AT_ONCE, maxLength: AT_ONCE });

let gateway: TestGateway;
beforeAll(async () => {
  // Without workers, so that queued jobs stay countable.
  gateway = await startTestGateway({ settings: { role: 'api' } });
});
afterAll(() => gateway.close());

/** Number of stored notifications. */
const stored = async (): Promise<number> => {
  const metrics = (await gateway.request({ method: 'GET', url: '/metrics' })).body;
  const waiting = [
    ...metrics.matchAll(/bellhop_queue_jobs\{queue="(?:push|calls|sms)",state="waiting"\} (\d+)/g),
  ];
  return waiting.reduce((sum, [, jobs]) => sum + Number(jobs), 0);
};

interface ErrorJson {
  statusCode: number;
  code: string;
  errors: { path: string; problem: string }[];
}

/** Stored notifications before the batch: only this test adds jobs, and no worker takes them. */
let storedBefore = 0;

/** Posts, and expects each body to be accepted and stored, or refused and not stored. */
const post = async (channel: 'push' | 'sms', ...bodies: readonly (string | Buffer)[]): Promise<number[]> => {
  const answers = await Promise.all(bodies.map((body) => gateway.webhook(channel, body)));
  const storedNow = await stored();
  const added = storedNow - storedBefore;
  storedBefore = storedNow;
  const taken = answers.filter(({ statusCode }) => statusCode === 200);
  expect(added).toBe(taken.filter((answer) => !answer.json<{ duplicate: boolean }>().duplicate).length);
  for (const answer of answers.filter(({ statusCode }) => statusCode !== 200)) {
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    const { code, errors } = answer.json<ErrorJson>();
    expect(code).toMatch(/^(WEBHOOK|REQUEST)\.[A-Z_]+$/);
    expect(errors.length).toBeGreaterThan(0);
  }
  return answers.map(({ statusCode }) => statusCode);
};

/** Any JSON value, including hostile keys. */
const anything = fc.oneof(
  fc.jsonValue({ depthSize: 'small' }),
  fc.constantFrom<unknown>('__proto__', 'constructor', '', '\u0000', '\ud800', -0, 1e308, [], {}, null),
  fc.dictionary(
    fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'then', 'length'),
    fc.jsonValue(),
  ),
);

/** The paths to all leaves and branches of a value. */
const pathsOf = (value: unknown, at: string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? [
        ...(at.length > 0 ? [at] : []),
        ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...at, key])),
      ]
    : [at];

const changed = (event: object, path: readonly string[], value: unknown): string => {
  const copy = JSON.parse(JSON.stringify(event)) as Record<string, unknown>;
  let node = copy;
  for (const key of path.slice(0, -1)) node = node[key] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined) delete node[last];
  else Object.defineProperty(node, last, { value, enumerable: true, configurable: true, writable: true });
  return JSON.stringify(copy);
};

describe.each([
  ['push' as const, push({ message: { id: '1', data: { text: 'hi' } } })],
  ['push' as const, push({}, undefined, 'push-call-initiated')],
  ['sms' as const, sms('+14155550100')],
])('a webhook of the channel %s', (channel, event) => {
  const paths = pathsOf(event);

  it('is accepted or refused with a reason for any value in one of its fields', async () => {
    await fc.assert(
      fc.asyncProperty(
        some(fc.tuple(fc.constantFrom(...paths), fc.option(anything, { nil: undefined }))),
        async (changes) => {
          await post(channel, ...changes.map(([path, value]) => changed(event, path, value)));
        },
      ),
      RUNS,
    );
  });

  it('is accepted with any additional field', async () => {
    const own = new Set(paths.map((path) => path.at(-1)));
    const newKey = fc.string().filter((key) => !own.has(key) && key !== '__proto__');
    await fc.assert(
      fc.asyncProperty(some(fc.tuple(newKey, fc.jsonValue())), async (fields) => {
        const parent = channel === 'push' ? ['data', 'notificationDetails'] : ['data', 'to'];
        const statuses = await post(
          channel,
          ...fields.map(([key, value]) => changed(event, [...parent, key], value)),
        );
        // `__proto__` and `constructor: {prototype: …}` are refused at any depth.
        const isHostile = ([key, value]: [string, unknown]): boolean =>
          /"(__proto__|constructor)":/.test(JSON.stringify({ [key]: value }));
        const refused = fields.filter((field, i) => !isHostile(field) && statuses[i] !== 200);
        expect(refused).toEqual([]);
      }),
      RUNS,
    );
  });

  it('is accepted or refused with a reason for any bytes', async () => {
    const text = JSON.stringify(event);
    const cut = fc.nat({ max: text.length }).map((length) => Buffer.from(text.slice(0, length)));
    const flipped = fc.tuple(fc.nat({ max: text.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => {
      const bytes = Buffer.from(text);
      bytes[at] = byte;
      return bytes;
    });
    const random = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(some(fc.oneof(cut, flipped, random)), async (bodies) => {
        await post(channel, ...bodies);
      }),
      RUNS,
    );
  });
});

describe('a body of almost 2 MB', () => {
  it('is accepted if it is a valid webhook, and refused otherwise', async () => {
    const big = 'x'.repeat(1_900_000);
    const event = JSON.stringify(push({ message: { big } }));
    const brackets = `${'['.repeat(900_000)}${']'.repeat(900_000)}`;
    expect(await post('push', event, JSON.stringify({ big }), brackets)).toEqual([200, 400, 400]);
  });
});

const HOSTILE = [
  '%00',
  'a%00b',
  '%ED%A0%80',
  '%',
  '%20',
  '2026-W10-1',
  '1969-01-01T00:00:00Z',
  '-1',
  '1e9',
  '[]',
  '\u212a',
];
const PLACES = [
  ...['uid', 'channel', 'status', 'from', 'to', 'cursor', 'limit'].map((key) => `/v1/notifications?${key}=`),
  ...['kind', 'reason', 'provider', 'outcome', 'tag', 'sessionId', 'source', 'appId'].map(
    (key) => `/v1/notifications?${key}=`,
  ),
  '/v1/search?q=',
  ...['appId', 'from', 'to', 'cursor', 'limit'].map((key) => `/v1/search?q=ann&${key}=`),
  '/v1/notifications/',
  '/v1/users/ann/devices?retired=',
  '/v1/users/ann/devices?pushToken=',
  '/v1/users/ann/devices?sessionId=',
  '/v1/users/ann/devices/',
  '/v1/opt-outs?cursor=',
  '/v1/opt-outs?limit=',
  '/v1/opt-outs?appId=',
];

describe('a hostile path or query', () => {
  it('never causes a server error', async () => {
    const faults: string[] = [];
    const hold = async (method: 'GET' | 'DELETE', url: string): Promise<void> => {
      const { statusCode } = await gateway.backend(method, url);
      if (statusCode >= 500) faults.push(`${method} ${url}: ${statusCode}`);
    };
    for (const value of HOSTILE) {
      for (const place of PLACES) {
        await hold('GET', place + value);
        await hold('DELETE', place + value);
      }
      for (const rest of ['devices', 'contact']) await hold('GET', `/v1/users/${value}/${rest}`);
    }
    expect(faults).toEqual([]);
  });

  it.each([
    ['uid=%00', 'uid'],
    ['uid=a%20b', 'uid'],
    ['from=2026-W10-1', 'from'],
    ['from=2026-060', 'from'],
    ['to=1969-01-01T00:00:00Z', 'to'],
    ['to=2026-02-30', 'to'],
    ['cursor=%00', 'cursor'],
  ])('is answered with 400 and the name of the parameter: %s', async (query, path) => {
    const answer = await gateway.backend('GET', `/v1/notifications?${query}`);
    const { code, errors } = answer.json<ErrorJson>();
    expect([answer.statusCode, code, errors.map((fault) => fault.path)]).toEqual([
      400,
      'REQUEST.INVALID_QUERY',
      [path],
    ]);
  });
});
