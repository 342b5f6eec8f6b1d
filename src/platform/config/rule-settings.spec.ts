import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { DEMO_CONFIG } from './demo-config.js';
import { parseGatewayConfig } from './load-gateway-config.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';

const parse = (...rules: unknown[]) => {
  const [app] = DEMO_CONFIG.apps;
  const { config, faults } = parseGatewayConfig({ apps: [{ ...app, rules }] }, '.', {}, PROVIDER_TYPES);
  return { rules: config.apps[0]?.rules, faults };
};
const rule = (then: unknown, change: object = {}): object => ({
  name: 'a rule',
  when: 'true',
  then,
  ...change,
});

describe('the rules of the configuration', () => {
  it('are none by default', () => {
    expect(parseGatewayConfig(DEMO_CONFIG, '.', {}, PROVIDER_TYPES).config.apps[0]?.rules).toEqual([]);
  });

  it('may use every action', () => {
    const then = {
      drop: false,
      delaySeconds: '60',
      title: '{{ details.senderName }}',
      body: 'New message',
      sound: '',
      priority: 'normal',
      ttlSeconds: 3_600,
      data: { deepLink: 'app://{{ details.conversationId }}', version: 2, nested: { list: [1] } },
      copyToSms: 'true',
      smsText: '{{ details.body }}',
      stop: true,
    };
    const { rules, faults } = parse(rule(then));
    expect(faults).toEqual([]);
    expect(rules?.[0]?.then).toMatchObject({ ...then, delaySeconds: 60, copyToSms: true });
  });

  it.each([
    [rule({ drop: true }, { name: 'a/b' }), 'name', 'must be 1 to 64 letters, digits, spaces, _, . or -'],
    [rule({ drop: true }, { when: 'details.x ==' }), 'when', 'cannot be read: Unexpected token: EOF'],
    [rule({ drop: true }, { when: 'nobody == "x"' }), 'when', 'is not a condition: Unknown variable: nobody'],
    [rule({ drop: true }, { when: true }), 'when', 'must be a condition, as a string'],
    [rule({ drop: true }, { colour: 'red' }), 'colour', 'is not a known key'],
    [rule({}), 'then', 'must name an action'],
    [rule({ drop: 'often' }), 'then.drop', 'must be true or false'],
    [rule({ shred: true }), 'then.shred', 'is not a known key'],
    [rule({ delaySeconds: 86_401 }), 'then.delaySeconds', 'must be a whole number from 1 to 86400'],
    [rule({ title: '{{ x' }), 'then.title', 'cannot be read: output "{{ x" not closed, line:1, col:1'],
    [rule({ body: 5 }), 'then.body', 'must be a string'],
    [rule({ body: { a: 'x' } }), 'then.body', 'must be a string'],
    [rule({ sound: 'x'.repeat(101) }), 'then.sound', 'must be at most 100 characters'],
    [rule({ priority: 'urgent' }), 'then.priority', 'must be one of high, normal'],
    [rule({ data: { sender: 'x' } }), 'then.data', 'uses names that are taken: sender'],
    [rule({ data: { from: 'x' } }), 'then.data', 'uses names that are taken: from'],
    [
      rule({ data: { a: '{{ x | nosuch }}' } }),
      'then.data',
      'has in a a template that cannot be read: undefined filter: nosuch, line:1, col:1',
    ],
    [rule({ data: { a: ['\ud83d'] } }), 'then.data', 'holds U+0000, or half of a character'],
    [rule({ data: ['x'] }), 'then.data', 'must be a mapping'],
  ])('that are wrong are refused: %j', (wrong, path, problem) => {
    expect(parse(wrong).faults).toContainEqual({ path: `apps[0].rules[0].${path}`, problem });
  });

  it('need distinct names', () => {
    expect(parse(rule({ drop: true }), rule({ stop: true })).faults).toEqual([
      { path: 'apps[0].rules[1].name', problem: 'is used twice' },
    ]);
  });

  it.each([5, 'drop', null, undefined])('are refused with %s for actions', (then) => {
    expect(parse(rule(then)).faults.map(({ path }) => path)).toContain('apps[0].rules[0].then');
  });
});
