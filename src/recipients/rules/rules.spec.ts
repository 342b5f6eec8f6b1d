import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NotificationDetails } from '../../domain/event.js';
import { DEMO_CONFIG } from '../../platform/config/demo-config.js';
import { parseGatewayConfig } from '../../platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { compileRules, type RuleResult, type RuleInput } from './rules.js';
import { draws } from '../../../test/support/draws.js';

const event = (details: NotificationDetails = {}, change: Partial<RuleInput> = {}): RuleInput => ({
  channel: 'push',
  kind: 'chat',
  uid: 'ann',
  receivedAt: new Date('2026-01-02T03:04:05Z'),
  content: {
    to: { uid: 'ann' },
    notificationDetails: {
      type: 'chat',
      title: 'Bob',
      body: 'Hello!',
      receiverType: 'user',
      custom: null,
      ...details,
    },
  },
  ...change,
});
const text: RuleInput = event(
  {},
  { channel: 'sms', kind: 'sms', content: { to: { uid: 'ann' }, smsContent: 'You have mail', messages: [] } },
);

interface GivenRule {
  readonly when?: string;
  readonly then: object;
}
const failures: string[] = [];
const shaperOf = (given: readonly GivenRule[]): ((of: RuleInput) => RuleResult) => {
  const rules = given.map(({ when = 'true', then }, i) => ({ name: `r${i + 1}`, when, then }));
  const { config, faults } = parseGatewayConfig(
    { apps: [{ ...DEMO_CONFIG.apps[0], rules }] },
    '.',
    {},
    PROVIDER_TYPES,
  );
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return compileRules(config.apps[0]?.rules ?? [], (...failure) => failures.push(failure.join(' ')));
};
const shape = (given: readonly GivenRule[], of: RuleInput = event()): RuleResult => shaperOf(given)(of);

type Case = [what: string, rules: readonly GivenRule[], of: RuleInput, expected: Partial<RuleResult>];

const cases: Case[] = [
  ['none', [], event(), { rules: [], isDropped: false, delaySeconds: 0, options: {} }],
  [
    'one that does not match',
    [{ when: 'kind == "call"', then: { drop: true } }],
    event(),
    { rules: [], isDropped: false },
  ],
  [
    'either spelling of a cancelled call',
    [{ when: 'details.callAction == "cancelled"', then: { sound: 'x' } }],
    event({ type: 'call', callAction: 'canceled' }, { kind: 'call' }),
    { rules: ['r1'] },
  ],
  ['drop', [{ then: { drop: true } }], event(), { rules: ['r1'], isDropped: true }],
  ['drop: false', [{ then: { drop: false } }], event(), { rules: ['r1'], isDropped: false }],
  [
    'nothing after a drop',
    [{ then: { drop: true } }, { then: { title: 'x' } }],
    event(),
    { rules: ['r1'], isDropped: true, options: {} },
  ],
  ['delay', [{ then: { delaySeconds: 60 } }, { then: { delaySeconds: 30 } }], event(), { delaySeconds: 30 }],
  [
    'all that a push has',
    [{ then: { sound: '', priority: 'normal', ttlSeconds: 60, title: 'T', body: 'B' } }],
    event(),
    { options: { sound: '', priority: 'normal', ttlSeconds: 60, title: 'T', body: 'B' } },
  ],
  [
    'what later rules see',
    [
      { then: { title: '{{ details.title }} in private', data: { level: 'low' } } },
      {
        when: 'details.title == "Bob in private" && details.level == "low"',
        then: { body: '{{ details.title }}!' },
      },
    ],
    event(),
    {
      rules: ['r1', 'r2'],
      options: { title: 'Bob in private', body: 'Bob in private!', data: { level: 'low' } },
    },
  ],
  [
    'templates of one rule, which all see the same',
    [{ then: { title: '{{ details.body }}', body: '{{ details.title }}' } }],
    event(),
    { options: { title: 'Hello!', body: 'Bob' } },
  ],
  [
    'stop',
    [{ then: { sound: 'a', stop: true } }, { then: { sound: 'b' } }],
    event(),
    { rules: ['r1'], options: { sound: 'a' } },
  ],
  [
    'stop: false',
    [{ then: { sound: 'a', stop: false } }, { then: { sound: 'b' } }],
    event(),
    { options: { sound: 'b' } },
  ],
  [
    'an empty template',
    [{ then: { title: '{{ details.nothing }}', body: 'B' } }],
    event(),
    { options: { body: 'B' } },
  ],
  [
    'a null, which is not there',
    [{ when: 'has(details.custom)', then: { drop: true } }],
    event(),
    { isDropped: false },
  ],
  [
    'data of several rules',
    [{ then: { data: { a: '{{ uid }}', b: 1 } } }, { then: { data: { b: { c: [2] } } } }],
    event(),
    { options: { data: { a: 'ann', b: { c: [2] } } } },
  ],
  [
    'data beside a field of the event, which stays what it is',
    [{ then: { data: { plan: 'ours' } } }, { when: 'details.plan == "theirs"', then: { sound: 'x' } }],
    event({ plan: 'theirs' }),
    { rules: ['r1', 'r2'] },
  ],
  ['a copy', [{ then: { copyToSms: true } }], event(), { smsCopy: 'Bob: Hello!' }],
  ['a copy without a title', [{ then: { copyToSms: true } }], event({ title: '' }), { smsCopy: 'Hello!' }],
  ['a copy of nothing', [{ then: { copyToSms: true } }], event({ title: null, body: null }), { smsCopy: '' }],
  [
    'a copy of what a rule made',
    [{ then: { copyToSms: true } }, { then: { body: 'B' } }],
    event(),
    { smsCopy: 'Bob: B' },
  ],
  [
    'a copy in its own words',
    [{ then: { smsText: '{{ details.title }} called' } }, { then: { copyToSms: true } }],
    event(),
    { smsCopy: 'Bob called' },
  ],
  [
    'a copy called off',
    [{ then: { copyToSms: true } }, { then: { copyToSms: false } }],
    event(),
    { options: {} },
  ],
  [
    'a text',
    [
      {
        when: 'channel == "sms" && data.smsContent.contains("mail")',
        then: { smsText: 'M', title: 'T', delaySeconds: 5 },
      },
    ],
    text,
    { rules: ['r1'], options: { text: 'M' }, delaySeconds: 5 },
  ],
  [
    'a text that asks for a push',
    [{ when: 'details.body == "x"', then: { drop: true } }],
    text,
    { isDropped: false },
  ],
  [
    'ids in whichever case, of the event and of the condition; what is sent keeps its own',
    [
      {
        when: 'details.sender == "BOB-1" && details.receiver in ["Team-A"] && data.notificationDetails.sender == "bob-1"',
        then: { body: '{{ details.sender }} {{ data.to.uid }}' },
      },
    ],
    event({ sender: 'Bob-1', receiver: 'TEAM-a' }),
    { rules: ['r1'], options: { body: 'Bob-1 ann' } },
  ],
  ['a text that is dropped', [{ when: 'kind == "sms"', then: { drop: true } }], text, { isDropped: true }],
];

describe('rules', () => {
  it.each(cases)('%s', (_what, rules, of, expected) => {
    const shaped = shape(rules, of);
    expect(shaped).toMatchObject(expected);
    if (expected.smsCopy === undefined) expect(shaped.smsCopy).toBeUndefined();
  });

  it('that fail on an event do not match it, and are named', () => {
    failures.length = 0;
    const rules = [
      { when: 'details.body > 5', then: { drop: true } },
      { then: { title: '{% for i in (1..9000000) %}x{% endfor %}', body: 'B' } },
    ];
    expect(shape(rules)).toMatchObject({ rules: ['r2'], isDropped: false, options: { body: 'B' } });
    expect(shape(rules).options).not.toHaveProperty('title');
    expect(failures.slice(0, 2)).toEqual(['r1 when no_such_overload', 'r2 title failed']);
  });

  it('never lose a notification, whatever is in it', () => {
    const shapeIt = shaperOf([
      { when: 'details.a == details.b', then: { body: '{{ details.a }}{{ data }}' } },
      { when: 'details.a > details.b', then: { title: '{{ details.b | upcase }}' } },
      { when: 'details.a.contains(details.b)', then: { data: { c: '{{ details.c | first }}' } } },
      { when: 'details.a.all(x, x == 1) || size(details.b) > 1', then: { copyToSms: true } },
      { when: 'details.c', then: { sound: '' } },
    ]);
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (a, b, c) => {
        const { isDropped, options } = shapeIt(event({ a, b, c }));
        expect(isDropped).toBe(false);
        // As PostgreSQL's jsonb takes it.
        expect(JSON.stringify(options)).not.toMatch(/\\u(0000|d[89a-f]..)/);
      }),
      draws(100),
    );
  });
});
