import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pushContext } from '../../../../test/support/push-context.js';
import type { NotificationDetails } from '../../../domain/event.js';
import { TRANSPORTS, type Transport } from '../../../domain/notification.js';
import { COMETCHAT_FIELDS } from '../../../platform/config/push-field-names.js';
import { pushPayload } from './push-payload.js';
import { draws } from '../../../../test/support/draws.js';

const FAMILIES = ['android', 'ios', 'web', 'expo'] as const;
const PLATFORMS = TRANSPORTS.flatMap((transport): { transport: Transport; platform: string }[] =>
  transport === 'fcm'
    ? ['fcm_android', 'fcm_ios', 'fcm_web'].map((platform) => ({ transport, platform }))
    : [{ transport, platform: transport }],
);

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  // Lone surrogates and control characters, which JSON escapes with six bytes.
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    maxLength: 20,
  }),
  fc
    .tuple(
      fc.constantFrom('x', '😎', '👩‍👩‍👧‍👦', 'a\u0301', '"', '\u0000', '\ud83d'),
      fc.integer({ min: 1, max: 6_000 }),
    )
    .map(([unit, count]) => unit.repeat(count)),
);
const value = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.constant(null),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.jsonValue(),
  fc.dictionary(text, fc.jsonValue()),
);
const actions = ['initiated', 'ongoing', 'cancelled', 'rejected', 'unanswered', 'busy', 'ended'];
const details: fc.Arbitrary<NotificationDetails> = fc
  .tuple(
    fc.dictionary(fc.oneof(fc.constantFrom<string>(...COMETCHAT_FIELDS), fc.string()), value, {
      maxKeys: 25,
    }),
    fc.constantFrom('chat', 'call'),
    fc.constantFrom(...actions, null),
  )
  .map(([fields, type, callAction]) => ({ ...fields, type, callAction }));

const LIMITS: Readonly<Record<Transport, number>> = {
  fcm: 4_096,
  apns: 4_096,
  'apns-voip': 5_120,
  webpush: 3_993,
  expo: 4_096,
  hms: 4_096,
};

type Strings = Record<string, string>;
interface Block {
  readonly notification?: Strings;
}

/** The size of a push as its vendor counts it. */
function sizeOf(transport: Transport, payload: Readonly<Record<string, unknown>>): number {
  if (transport !== 'fcm') return Buffer.byteLength(JSON.stringify(payload));
  const { data, android, webpush } = payload as { data: Strings; android?: Block; webpush?: Block };
  const counted: Strings[] = [data, android?.notification ?? {}, webpush?.notification ?? {}];
  return Buffer.byteLength(
    counted.flatMap((part) => [...Object.keys(part), ...Object.values<string>(part)]).join(''),
  );
}

const VOIP_STRINGS = [
  'sender',
  'senderName',
  'body',
  'callAction',
  'receiver',
  'type',
  'callType',
  'sessionId',
  'conversationId',
  'sentAt',
  'callerName',
  'handle',
];
const isString = (of: unknown): boolean => typeof of === 'string';
const areAllStrings = (of: unknown): boolean => Object.values(of as object).every(isString);

/** Whether all fields that the apps cast to strings are strings. */
function hasRequiredStrings(transport: Transport, payload: Readonly<Record<string, unknown>>): boolean {
  switch (transport) {
    case 'fcm':
    case 'webpush':
    case 'expo':
      return areAllStrings(payload['data']);
    case 'hms':
      return isString(payload['data']) && areAllStrings(JSON.parse(payload['data'] as string));
    case 'apns':
      return ['sentAt', 'unreadMessageCount'].every(
        (key) => payload[key] === undefined || isString(payload[key]),
      );
    case 'apns-voip':
      return VOIP_STRINGS.every((key) => isString(payload[key]));
  }
}

describe('pushPayload', () => {
  it.each(PLATFORMS)('is valid for $platform, for any event', (address) => {
    fc.assert(
      fc.property(details, fc.boolean(), fc.boolean(), (event, missedCall, inPayload) => {
        const context = pushContext({ missedCall }, (settings) => {
          for (const family of FAMILIES) {
            Object.assign(settings.notificationInPayload[family], { chat: inPayload, call: inPayload });
          }
        });
        const isVoip = address.transport === 'apns-voip';
        const content = {
          to: { uid: 'b' },
          notificationDetails: isVoip ? { ...event, type: 'call' } : event,
        };
        const { payload, headers } = pushPayload(content, address, context);

        expect(sizeOf(address.transport, payload)).toBeLessThanOrEqual(LIMITS[address.transport]);
        expect(hasRequiredStrings(address.transport, payload)).toBe(true);
        // Valid UTF-8: JavaScript would escape a lone surrogate.
        const json = JSON.stringify(payload);
        expect(Buffer.from(json).toString()).toBe(json);
        expect(/(?<!\\)(\\\\)*\\ud[89a-f]/.test(json)).toBe(false);
        for (const header of Object.values(headers)) expect(header).toMatch(/^[\x21-\x7e]{1,64}$/);
      }),
      draws(150),
    );
  });

  it('does not modify the event', () => {
    const event = { type: 'chat', body: 'b'.repeat(9_000), message: { id: '1' } };
    const before = structuredClone(event);
    for (const address of PLATFORMS) {
      pushPayload({ to: { uid: 'b' }, notificationDetails: event }, address, pushContext());
    }
    expect(event).toEqual(before);
  });
});
