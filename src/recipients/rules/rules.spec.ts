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
const sms: RuleInput = event(
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

type Case = [name: string, rules: readonly GivenRule[], of: RuleInput, expected: Partial<RuleResult>];

const cases: Case[] = [
  ['no rules', [], event(), { rules: [], isDropped: false, delaySeconds: 0, options: {} }],
  [
    'a rule that does not match',
    [{ when: 'kind == "call"', then: { drop: true } }],
    event(),
    { rules: [], isDropped: false },
  ],
  [
    'a rule on either spelling of a cancelled call',
    [{ when: 'details.callAction == "cancelled"', then: { sound: 'x' } }],
    event({ type: 'call', callAction: 'canceled' }, { kind: 'call' }),
    { rules: ['r1'] },
  ],
  ['drop', [{ then: { drop: true } }], event(), { rules: ['r1'], isDropped: true }],
  ['drop: false', [{ then: { drop: false } }], event(), { rules: ['r1'], isDropped: false }],
  [
    'no rule after a drop',
    [{ then: { drop: true } }, { then: { title: 'x' } }],
    event(),
    { rules: ['r1'], isDropped: true, options: {} },
  ],
  ['delay', [{ then: { delaySeconds: 60 } }, { then: { delaySeconds: 30 } }], event(), { delaySeconds: 30 }],
  [
    'every option of a push',
    [{ then: { sound: '', priority: 'normal', ttlSeconds: 60, title: 'T', body: 'B' } }],
    event(),
    { options: { sound: '', priority: 'normal', ttlSeconds: 60, title: 'T', body: 'B' } },
  ],
  [
    'rules to the changes of earlier rules',
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
    'all templates of one rule to the same details',
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
    'a null field as an absent one',
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
    'data that never replaces a field of the event',
    [{ then: { data: { plan: 'ours' } } }, { when: 'details.plan == "theirs"', then: { sound: 'x' } }],
    event({ plan: 'theirs' }),
    { rules: ['r1', 'r2'] },
  ],
  ['a copy to SMS', [{ then: { copyToSms: true } }], event(), { smsCopy: 'Bob: Hello!' }],
  ['a copy without a title', [{ then: { copyToSms: true } }], event({ title: '' }), { smsCopy: 'Hello!' }],
  [
    'an empty copy of an empty push',
    [{ then: { copyToSms: true } }],
    event({ title: null, body: null }),
    { smsCopy: '' },
  ],
  [
    'a copy with the changes of a later rule',
    [{ then: { copyToSms: true } }, { then: { body: 'B' } }],
    event(),
    { smsCopy: 'Bob: B' },
  ],
  [
    'a copy with its own text',
    [{ then: { smsText: '{{ details.title }} called' } }, { then: { copyToSms: true } }],
    event(),
    { smsCopy: 'Bob called' },
  ],
  [
    'a copy cancelled by a later rule',
    [{ then: { copyToSms: true } }, { then: { copyToSms: false } }],
    event(),
    { options: {} },
  ],
  [
    'a rule for SMS',
    [
      {
        when: 'channel == "sms" && data.smsContent.contains("mail")',
        then: { smsText: 'M', title: 'T', delaySeconds: 5 },
      },
    ],
    sms,
    { rules: ['r1'], options: { text: 'M' }, delaySeconds: 5 },
  ],
  [
    'a rule on push details to an SMS, without a match',
    [{ when: 'details.body == "x"', then: { drop: true } }],
    sms,
    { isDropped: false },
  ],
  [
    'ids in any case, and keeps the case of the event in what is sent',
    [
      {
        when: 'details.sender == "BOB-1" && details.receiver in ["Team-A"] && data.notificationDetails.sender == "bob-1"',
        then: { body: '{{ details.sender }} {{ data.to.uid }}' },
      },
    ],
    event({ sender: 'Bob-1', receiver: 'TEAM-a' }),
    { rules: ['r1'], options: { body: 'Bob-1 ann' } },
  ],
  ['a drop to an SMS', [{ when: 'kind == "sms"', then: { drop: true } }], sms, { isDropped: true }],
];

describe('compileRules', () => {
  it.each(cases)('applies %s', (_name, rules, of, expected) => {
    const shaped = shape(rules, of);
    expect(shaped).toMatchObject(expected);
    if (expected.smsCopy === undefined) expect(shaped.smsCopy).toBeUndefined();
  });

  it('skips and reports rules that fail on an event', () => {
    failures.length = 0;
    const rules = [
      { when: 'details.body > 5', then: { drop: true } },
      { then: { title: '{% for i in (1..9000000) %}x{% endfor %}', body: 'B' } },
    ];
    expect(shape(rules)).toMatchObject({ rules: ['r2'], isDropped: false, options: { body: 'B' } });
    expect(shape(rules).options).not.toHaveProperty('title');
    expect(failures.slice(0, 2)).toEqual(['r1 when no_such_overload', 'r2 title failed']);
  });

  it('never loses a notification, whatever its content', () => {
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
        // Valid for PostgreSQL's jsonb.
        expect(JSON.stringify(options)).not.toMatch(/\\u(0000|d[89a-f]..)/);
      }),
      draws(100),
    );
  });
});
