import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { draws } from '../../../test/support/draws.js';
import { payload, payloadNames } from '../../../test/support/payloads.js';
import { compiledCheck } from '../../platform/http/compiled-check.js';
import { validated } from '../../platform/http/validated.js';
import { PushWebhookDto } from './push-webhook.dto.js';
import { SmsWebhookDto } from './sms-webhook.dto.js';

const isPush = compiledCheck(PushWebhookDto);
const isSms = compiledCheck(SmsWebhookDto);

/** Wrong and hostile values. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, '', ' ', 0, -1, 1e21, '99', '12x', 'x'.repeat(1_025), 'a\u0000b', '\ud800'),
  fc.constantFrom<unknown>([], {}, [{}], [null], { uid: 'a' }, [{ uid: 'A' }], 'call', 'initiated', 'custom'),
);
const key = fc.constantFrom(
  ...[
    'appId',
    'type',
    'uid',
    'to',
    'data',
    'sessionId',
    'callAction',
    'sentAt',
    'messages',
    'message',
    'name',
  ],
  ...['another', 'constructor', 'toString', 'valueOf', 'length', 'then', '0'],
);
/** Index of an object in the tree and of its key, each modulo their number. */
const place = fc.tuple(fc.nat(30), fc.nat(30));
const change = fc.oneof(
  fc.record({ kind: fc.constant('replace' as const), place, value: odd }),
  fc.record({ kind: fc.constant('remove' as const), place }),
  fc.record({ kind: fc.constant('add' as const), place, key, value: odd }),
);
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

function changed(webhook: object, { place: [which, index], ...by }: Change): object {
  const objects = objectsIn(webhook);
  const target = objects[which % objects.length] ?? {};
  if (by.kind === 'add') target[by.key] = structuredClone(by.value);
  const keys = Object.keys(target);
  const at = keys[index % Math.max(keys.length, 1)] ?? '';
  if (by.kind === 'remove') delete target[at];
  if (by.kind === 'replace') target[at] = structuredClone(by.value);
  return webhook;
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? below : [value as Record<string, unknown>, ...below];
}

/** Strips prototypes, to compare class instances with plain objects. */
const fieldsOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('compiled webhook checks', () => {
  it.each(payloadNames)('accept the documented payload %s', (name) => {
    expect([isPush, isSms].map((accepts) => accepts(payload(name)))).toEqual(
      name.startsWith('push') ? [true, false] : [false, true],
    );
  });

  it.each([
    ['push', PushWebhookDto, isPush],
    ['sms', SmsWebhookDto, isSms],
  ] as const)('accept no %s webhook that class-validator refuses or changes', (kind, type, accepts) => {
    const names = payloadNames.filter((name) => name.startsWith(kind));
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(change, { minLength: 1, maxLength: 3 }), (name, by) => {
        // As parsed from JSON: no shared references, no -0.
        const body = fieldsOf(by.reduce(changed, payload(name) as object));
        const isAccepted = accepts(body);
        const before = fieldsOf(body);
        const read = resultOf(() => validated<object>(type, body, 'WEBHOOK.INVALID_BODY'));
        if (isAccepted) {
          accepted++;
          expect(fieldsOf(read)).toEqual(before);
        } else if (read === undefined) refused++;
      }),
      draws(1_000),
    );
    expect({ accepted: accepted > 100, refused: refused > 100 }).toEqual({ accepted: true, refused: true });
  });
});

function resultOf<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
