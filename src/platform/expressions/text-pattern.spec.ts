import { describe, expect, it } from '@jest/globals';
import { compileTextPattern } from './text-pattern.js';

describe('compileTextPattern', () => {
  it.each([
    ['OK: {id}', 'OK: 12345', '12345'],
    ['ID:{id}', 'ID: abc\r\n', 'abc'],
    ['{id}', '42', '42'],
    ['{id}|', '1706|14155550100', '1706'],
    ['SMSGlobalMsgID:{id}', 'OK: 0; Sent queued message ID: 04b4 SMSGlobalMsgID:6613', '6613'],
    ['1701|{*}:{id}', '1701|14155550100:98f6-3c03,1706|5', '98f6-3c03'],
    ['<MessageId>{id}</MessageId>', '<a><MessageId>m-7</MessageId></a>', 'm-7'],
    ['ID: {id}', 'ID: \nID: 7', '7'],
    ['OK: {id}', 'ERR: 105 invalid msisdn', undefined],
    ['OK: {id}', 'OK: ', undefined],
    ['{id} queued', 'm-1 was queued\nm-2 queued', undefined],
    ['OK {*} {id}', 'OK\n1 2', undefined],
    ['OK: {id}', `OK: ${'x'.repeat(300)}`, undefined],
    ['(a+)+{id}', '(a+)+7', '7'],
  ])('%s in %j', (pattern, text, expected) => {
    expect(compileTextPattern(pattern, 'id')(text)).toBe(expected);
  });

  it('looks at the beginning of a long text, and at few places', () => {
    const find = compileTextPattern('a{*}b{id}c', 'id');
    expect(find(`${'x'.repeat(20_000)}a b7c`)).toBeUndefined();
    expect(find('a'.repeat(1_000_000))).toBeUndefined();
  });

  it.each([
    ['no value', 'OK', 'once'],
    ['two values', '{id} {id}', 'once'],
    ['values side by side', '{*}{id}', 'without a text between'],
    ['a value of another name', 'OK {code}', '{code}'],
    ['too much', `${'x'.repeat(300)}{id}`, 'longer'],
  ])('refuses a pattern with %s', (_, pattern, problem) => {
    expect(() => compileTextPattern(pattern, 'id')).toThrow(problem);
  });
});
