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
  // Half surrogate pairs and control characters, which JSON writes with six bytes.
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

type Texts = Record<string, string>;
interface Block {
  readonly notification?: Texts;
}

/** The size of a push as its vendor counts it. */
function sizeOf(transport: Transport, payload: Readonly<Record<string, unknown>>): number {
  if (transport !== 'fcm') return Buffer.byteLength(JSON.stringify(payload));
  const { data, android, webpush } = payload as { data: Texts; android?: Block; webpush?: Block };
  const counted: Texts[] = [data, android?.notification ?? {}, webpush?.notification ?? {}];
  return Buffer.byteLength(
    counted.flatMap((part) => [...Object.keys(part), ...Object.values<string>(part)]).join(''),
  );
}

const VOIP_TEXTS = [
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
const isText = (of: unknown): boolean => typeof of === 'string';
const allTexts = (of: unknown): boolean => Object.values(of as object).every(isText);

/** Whether everything is a text that the apps cast to one. */
function hasTextsWhereDue(transport: Transport, payload: Readonly<Record<string, unknown>>): boolean {
  switch (transport) {
    case 'fcm':
    case 'webpush':
    case 'expo':
      return allTexts(payload['data']);
    case 'hms':
      return isText(payload['data']) && allTexts(JSON.parse(payload['data'] as string));
    case 'apns':
      return ['sentAt', 'unreadMessageCount'].every(
        (key) => payload[key] === undefined || isText(payload[key]),
      );
    case 'apns-voip':
      return VOIP_TEXTS.every((key) => isText(payload[key]));
  }
}

describe('pushPayload', () => {
  it.each(PLATFORMS)('is always one that $platform takes', (address) => {
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
        expect(hasTextsWhereDue(address.transport, payload)).toBe(true);
        // JSON that is UTF-8: JavaScript alone would write half a surrogate pair, as an escape.
        const json = JSON.stringify(payload);
        expect(Buffer.from(json).toString()).toBe(json);
        expect(/(?<!\\)(\\\\)*\\ud[89a-f]/.test(json)).toBe(false);
        for (const header of Object.values(headers)) expect(header).toMatch(/^[\x21-\x7e]{1,64}$/);
      }),
      draws(150),
    );
  });

  it('changes nothing of the event', () => {
    const event = { type: 'chat', body: 'b'.repeat(9_000), message: { id: '1' } };
    const before = structuredClone(event);
    for (const address of PLATFORMS) {
      pushPayload({ to: { uid: 'b' }, notificationDetails: event }, address, pushContext());
    }
    expect(event).toEqual(before);
  });
});
