import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  compileCondition,
  ConditionFailed,
  conditionsOver,
  WrongExpression,
  type ConditionInput,
} from './condition.js';
import { draws } from '../../../test/support/draws.js';

const input = (
  details: Record<string, unknown> = {},
  change: Partial<ConditionInput> = {},
): ConditionInput => ({
  channel: 'push',
  kind: 'chat',
  uid: 'ann',
  details,
  data: { to: { uid: 'ann' }, notificationDetails: details },
  now: new Date('2026-07-01T22:30:00Z'),
  ...change,
});
const details = {
  body: 'Hello!',
  unreadMessageCount: 5,
  sentAt: '1741847453000',
  tags: ['a', 'b'],
  message: { data: { text: 'Hello!' } },
};

const CONDITIONS: [string, boolean][] = [
  ['channel == "push" && kind == "chat" && uid == "ann"', true],
  ['details.body == "Hello!"', true],
  ['details.body.contains("ell") && !details.body.startsWith("x")', true],
  ['details.unreadMessageCount >= 5', true],
  ['int(details.sentAt) > 1741847452999', true],
  ['"b" in details.tags && details.tags.exists(tag, tag == "a")', true],
  ['details.message.data.text == details.body', true],
  ['data.to.uid == uid', true],
  ['hour == 22', true],
  ['now.getHours("Europe/Berlin") == 0', true],
  ['has(details.custom)', false],
  ['!has(details.custom)', true],
  // Whatever is missing, however it is asked for, the answer is no.
  ['details.custom == "x"', false],
  ['!(details.custom == "x")', false],
  ['details.custom.campaign != "x"', false],
  ['details.tags[7] == "a"', false],
  ['details.constructor != null', false],
  ['details.__proto__ != null', false],
  // Ids, channels and kinds in whichever case.
  ['uid == "Ann"', true],
  ['"ANN" != uid', false],
  ["uid in ['Bob', r'ANN']", true],
  ['data["to"].uid == "aNN" && uid.startsWith("A") && !uid.contains("B")', true],
  ['channel == "Push" && kind in ["Chat", "CALL"]', true],
  ['details.body == "hello!" || details.body.startsWith("hello")', false],
  // Only `true` is true.
  ['details.body', false],
  ['details.unreadMessageCount', false],
  ['details.tags', false],
];

describe('a condition', () => {
  it.each(CONDITIONS)('%s: %s', (text, expected) => {
    expect(compileCondition(text)(input(details))).toBe(expected);
  });

  it.each([
    ['details.body ==', 'cannot be read'],
    ['detials.body == "x"', 'Unknown variable: detials'],
    ['details.body.shout() == "X"', 'found no matching overload'],
    ['kind == 5', 'no such overload: string == int'],
    [
      'kind == "message"',
      'compares kind with "message", which it never is: it is one of chat, call, reaction',
    ],
    ['"email" in [channel] || channel in ["email"]', 'compares channel with "email", which it never is'],
    ['uid == "ann smith"', 'compares uid with "ann smith", which is no id of CometChat\'s'],
    ['details["sender"].startsWith("a\\n")', 'compares details.sender with "a\\n", which is no id'],
    ['"push"', 'always a value of type string'],
    ['size(details.body)', 'always a value of type int'],
    ['', 'cannot be read'],
    ['details.body.matches("(a+)+$")', 'uses matches()'],
    ['details.tags.all(a, details.tags.exists(b, a == b))', 'exists() within another loop'],
    [`${'('.repeat(50)}true${')'.repeat(50)}`, 'cannot be read'],
    [`${'1+'.repeat(400)}1 == 1`, 'cannot be read'],
    [`kind == "${'a'.repeat(2_000)}"`, 'is longer than 2000 characters'],
  ])('%.60s is refused: %s', (text, problem) => {
    expect(() => compileCondition(text)).toThrow(WrongExpression);
    expect(() => compileCondition(text)).toThrow(problem);
  });

  it.each([
    'details.body > 5',
    'details.unreadMessageCount.contains("5")',
    '1 / 0 == 1',
    'now.getHours("x") == 1',
  ])('%s fails, and says nothing of the values', (text) => {
    const holds = compileCondition(text);
    expect(() => holds(input(details))).toThrow(ConditionFailed);
    try {
      holds(input(details));
    } catch (error) {
      expect(String(error)).not.toContain('Hello');
    }
  });

  it('is true, false or fails for any field', () => {
    const conditions = [
      'details.x == "a"',
      'details.x',
      'details.x.contains("a")',
      'details.x > 1',
      'size(details.x) > 1',
    ].map(compileCondition);
    fc.assert(
      fc.property(fc.anything({ withBigInt: false }), fc.constantFrom(...conditions), (x, holds) => {
        try {
          expect(typeof holds(input({ x }))).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(ConditionFailed);
        }
      }),
      draws(100),
    );
  });
});

describe('a condition over other variables', () => {
  const compile = conditionsOver({ status: 'int', json: 'dyn' });

  it.each([
    ['status == 200 && json.ok', true],
    ['json.code == 0', true],
    ['json.missing == 1', false],
    ['status > 200', false],
  ])('%s: %s', (text, expected) => {
    expect(compile(text)({ status: 200n, json: { ok: true, code: 0 } })).toBe(expected);
  });

  it('knows no others, and keeps to the same limits', () => {
    expect(() => compile('channel == "push"')).toThrow(WrongExpression);
    expect(() => compile('json.matches("a")')).toThrow(WrongExpression);
    expect(() => compile('int(json) == 1')({ status: 200n, json: 'x' })).toThrow(ConditionFailed);
  });
});
