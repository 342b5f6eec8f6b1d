import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { push, sms } from '../support/payloads.js';
import { draws } from '../support/draws.js';

const RUNS = draws(150);

let gateway: TestGateway;
beforeAll(async () => {
  // Without workers, so that what reached a queue is still there to be counted.
  gateway = await startTestGateway({ settings: { role: 'api' } });
});
afterAll(() => gateway.close());

/** How many notifications have been acknowledged and stored. */
const stored = async (): Promise<number> => {
  const metrics = (await gateway.request({ method: 'GET', url: '/metrics' })).body;
  const waiting = [
    ...metrics.matchAll(/bellhop_queue_jobs\{lane="plan(?:-calls)?",state="waiting"\} (\d+)/g),
  ];
  return waiting.reduce((sum, [, jobs]) => sum + Number(jobs), 0);
};

interface ErrorJson {
  statusCode: number;
  code: string;
  errors: { path: string; problem: string }[];
}

/** Posts, and holds the answer to what every answer must be: taken and stored, or refused and not. */
const post = async (channel: 'push' | 'sms', body: string | Buffer): Promise<number> => {
  const before = await stored();
  const answer = await gateway.webhook(channel, body);
  const after = await stored();
  if (answer.statusCode === 200) {
    expect(after - before).toBe(answer.json<{ duplicate: boolean }>().duplicate ? 0 : 1);
  } else {
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    const { code, errors } = answer.json<ErrorJson>();
    expect(code).toMatch(/^(WEBHOOK|REQUEST)\.[A-Z_]+$/);
    expect(errors.length).toBeGreaterThan(0);
    expect(after).toBe(before);
  }
  return answer.statusCode;
};

/** Any JSON value, hostile keys and all. */
const anything = fc.oneof(
  fc.jsonValue({ depthSize: 'small' }),
  fc.constantFrom<unknown>('__proto__', 'constructor', '', '\u0000', '\ud800', -0, 1e308, [], {}, null),
  fc.dictionary(
    fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'then', 'length'),
    fc.jsonValue(),
  ),
);

/** A path into an object, to any of its leaves or branches. */
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
])('%s', (channel, event) => {
  const paths = pathsOf(event);

  it('is taken or refused with a reason, whatever stands in one of its fields', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.option(anything, { nil: undefined }),
        async (path, value) => {
          await post(channel, changed(event, path, value));
        },
      ),
      RUNS,
    );
  }, 120_000);

  it('is taken with any field beside its own, and with nulls in the optional ones', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.jsonValue(), async (key, value) => {
        fc.pre(!pathsOf(event).some((path) => path.at(-1) === key) && key !== '__proto__');
        const parent = channel === 'push' ? ['data', 'notificationDetails'] : ['data', 'to'];
        const status = await post(channel, changed(event, [...parent, key], value));
        // `__proto__` and `constructor: {prototype: …}` are what may not stand anywhere, however deep.
        const hostile = /"(__proto__|constructor)":/.test(JSON.stringify({ [key]: value }));
        expect([key, status]).toEqual([key, hostile ? status : 200]);
      }),
      RUNS,
    );
  }, 120_000);

  it('is taken or refused with a reason, whatever the bytes', async () => {
    const text = JSON.stringify(event);
    const cut = fc.nat({ max: text.length }).map((length) => Buffer.from(text.slice(0, length)));
    const flipped = fc.tuple(fc.nat({ max: text.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => {
      const bytes = Buffer.from(text);
      bytes[at] = byte;
      return bytes;
    });
    const random = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(fc.oneof(cut, flipped, random), async (bytes) => {
        await post(channel, bytes);
      }),
      RUNS,
    );
  }, 120_000);
});

describe('a body of almost 2 MB', () => {
  it('is taken where it is a webhook, and refused where it is not', async () => {
    const big = 'x'.repeat(1_900_000);
    expect(await post('push', JSON.stringify(push({ message: { big } })))).toBe(200);
    expect(await post('push', JSON.stringify({ big }))).toBe(400);
    expect(await post('push', `${'['.repeat(900_000)}${']'.repeat(900_000)}`)).toBe(400);
  });
});
